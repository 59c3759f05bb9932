using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lacuna.Models;

/// <summary>
/// Attention and two linear layers, each behind a layer norm and added to what came in; torchvision's <c>encoder_layer_N</c> without its dropout, which is
/// zero in every published setting.
/// </summary>
internal sealed class TransformerBlock : Module<Tensor, Tensor>
{
    /// <summary>Of the layer norms: torchvision's and timm's for this network, not PyTorch's default.</summary>
    public const double Epsilon = 1e-6;

    private readonly LayerNorm ln_1;
    private readonly SelfAttention self_attention;
    private readonly LayerNorm ln_2;
    private readonly Sequential mlp;

    public TransformerBlock(int width, int heads) : base(nameof(TransformerBlock))
    {
        ln_1 = LayerNorm(width, Epsilon);
        self_attention = new SelfAttention(width, heads);
        ln_2 = LayerNorm(width, Epsilon);
        // 2 and 4 are torchvision's dropouts.
        mlp = Sequential(("0", Linear(width, 4 * width)), ("1", GELU()), ("3", Linear(4 * width, width)));
        RegisterComponents();
        foreach (var (_, parameter) in mlp.named_parameters())
        {
            if (parameter.dim() > 1) init.xavier_uniform_(parameter);
            else init.normal_(parameter, 0, 1e-6);
        }
    }

    public override Tensor forward(Tensor input)
    {
        var attended = input + self_attention.call(ln_1.call(input));
        return attended + mlp.call(ln_2.call(attended));
    }
}
