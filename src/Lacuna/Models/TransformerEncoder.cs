using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lacuna.Models;

/// <summary>Positions, blocks and a last layer norm, tokens [N, T, D] to tokens; torchvision's <c>encoder</c>.</summary>
internal sealed class TransformerEncoder : Module<Tensor, Tensor>
{
    private readonly Parameter pos_embedding;
    private readonly Sequential layers;
    private readonly LayerNorm ln;
    private readonly TransformerBlock[] _blocks;

    public TransformerEncoder(int tokens, int width, int heads, int blocks) : base(nameof(TransformerEncoder))
    {
        pos_embedding = new Parameter(empty(1, tokens, width).normal_(0, 0.02).DetachFromDisposeScope());
        _blocks = [.. Enumerable.Range(0, blocks).Select(_ => new TransformerBlock(width, heads))];
        layers = Sequential(_blocks.Select((block, i) => ($"encoder_layer_{i}", (Module<Tensor, Tensor>)block)).ToArray());
        ln = LayerNorm(width, TransformerBlock.Epsilon);
        RegisterComponents();
    }

    /// <summary>As far as the last block, and not through it.</summary>
    /// <param name="tokens">[N, T, D].</param>
    /// <param name="seen">Shown what leaves a block, and its number counted from 1.</param>
    public Tensor Enter(Tensor tokens, Action<int, Tensor> seen)
    {
        var current = tokens + pos_embedding;
        for (var i = 0; i < _blocks.Length - 1; i++)
        {
            current = _blocks[i].call(current);
            seen(i + 1, current);
        }
        return current;
    }

    /// <summary>The last block and the layer norm.</summary>
    public Tensor Leave(Tensor tokens) => ln.call(_blocks[^1].call(tokens));

    public override Tensor forward(Tensor tokens) => Leave(Enter(tokens, (_, _) => { }));
}
