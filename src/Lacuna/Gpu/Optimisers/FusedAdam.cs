using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu.Optimisers;

/// <summary>
/// Adam, or with decoupled weight decay AdamW, as <c>torch.optim</c> has them, in one pass: see <see cref="AdamRule"/>. A pull joins the gradient before weight decay does.
/// Where a mask is 0, weight and moments stay as they are, bit for bit.
/// </summary>
public sealed class FusedAdam : FusedOptimiser
{
    private readonly double _beta1, _beta2, _epsilon, _weightDecay;
    private readonly bool _decoupled;

    /// <param name="kernels">What does the work.</param>
    /// <param name="parameters">Stepped in place.</param>
    /// <param name="beta1">How much of the gradient's running mean stays.</param>
    /// <param name="beta2">How much of the squared gradient's running mean stays.</param>
    /// <param name="epsilon">Added to the deviation that the step is divided by.</param>
    /// <param name="weightDecay">How much of the weight joins the gradient or, decoupled, how much of it each unit of learning rate takes away.</param>
    /// <param name="decoupled">AdamW.</param>
    /// <param name="pull">Joins the gradient.</param>
    /// <param name="masks">Zeros and ones, one tensor a parameter, of its shape and type.</param>
    public FusedAdam(TensorKernels kernels, IReadOnlyList<Tensor> parameters, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0,
        bool decoupled = false, PullTowards? pull = null, IReadOnlyList<Tensor>? masks = null)
        : base(nameof(FusedAdam), kernels, parameters, 2, pull, masks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(beta1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(beta1, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(beta2);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(beta2, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(epsilon);
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        (_beta1, _beta2, _epsilon, _weightDecay, _decoupled) = (beta1, beta2, epsilon, weightDecay, decoupled);
    }

    private protected override IEnumerable<SegmentField> Running() => [new("means", Buffers[0], true), new("squares", Buffers[1], true)];

    private protected override Tensor? StepSegments(SegmentedTensors segments, long step, double learningRate, StepOptions options)
    {
        if (_decoupled) options |= StepOptions.DecoupledDecay;
        return Kernels.StepAdam(segments, AdamRule.Of(step, learningRate, _beta1, _beta2, _epsilon, _weightDecay, Pull?.Lambda ?? 0, options), Parameters[0]);
    }

    private protected override void StepByOperators(Tensor parameter, Tensor gradient, Tensor[] buffers, long step, double learningRate)
    {
        var (mean, square) = (buffers[0], buffers[1]);
        if (_decoupled && _weightDecay != 0) parameter.mul_(1 - learningRate * _weightDecay);
        else if (_weightDecay != 0) gradient = gradient.add(parameter, alpha: _weightDecay);
        mean.mul_(_beta1).add_(gradient, alpha: 1 - _beta1);
        square.mul_(_beta2).addcmul_(gradient, gradient, 1 - _beta2);
        var deviation = square.sqrt().div_(Math.Sqrt(1 - Math.Pow(_beta2, step))).add_(_epsilon);
        parameter.addcdiv_(mean, deviation, -learningRate / (1 - Math.Pow(_beta1, step)));
    }
}
