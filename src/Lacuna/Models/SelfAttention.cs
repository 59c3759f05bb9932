using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lacuna.Models;

/// <summary>
/// softmax(Q K' / sqrt(d)) V in every head, then a linear layer (Vaswani et al. 2017, section 3.2), tokens [N, T, D] to tokens. Parameters as in PyTorch's
/// MultiheadAttention: queries, keys and values lie one after the other in in_proj_weight [3D, D].
/// </summary>
internal sealed class SelfAttention : Module<Tensor, Tensor>
{
    private readonly Parameter in_proj_weight;
    private readonly Parameter in_proj_bias;
    private readonly Linear out_proj;
    private readonly int _width;
    private readonly int _heads;

    public SelfAttention(int width, int heads) : base(nameof(SelfAttention))
    {
        (_width, _heads) = (width, heads);
        in_proj_weight = new Parameter(empty(3 * width, width).DetachFromDisposeScope());
        in_proj_bias = new Parameter(zeros(3 * width).DetachFromDisposeScope());
        out_proj = Linear(width, width);
        RegisterComponents();
        init.xavier_uniform_(in_proj_weight);
        init.zeros_(out_proj.bias!);
    }

    /// <summary>Multiply-adds for one image of this many tokens, without those of out_proj.</summary>
    public long MultiplyAdds(long tokens) => tokens * 3 * _width * _width + 2 * tokens * tokens * _width;

    public override Tensor forward(Tensor input)
    {
        var (images, tokens, depth) = (input.size(0), input.size(1), _width / _heads);
        var parts = functional.linear(input, in_proj_weight, in_proj_bias).reshape(images, tokens, 3, _heads, depth).permute(2, 0, 3, 1, 4);
        var (queries, keys, values) = (parts.select(0, 0) / Math.Sqrt(depth), parts.select(0, 1), parts.select(0, 2));
        var weights = queries.matmul(keys.transpose(-2, -1)).softmax(-1);
        return out_proj.call(weights.matmul(values).transpose(1, 2).reshape(images, tokens, _width));
    }
}
