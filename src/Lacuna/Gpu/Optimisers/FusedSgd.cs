using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu.Optimisers;

/// <summary>
/// Stochastic gradient descent as <c>torch.optim.SGD</c>, in one pass: see <see cref="SgdRule"/>. A pull joins the gradient before weight decay does. Where a mask is 0, weight
/// and momentum stay as they are, bit for bit.
/// </summary>
public sealed class FusedSgd : FusedOptimiser
{
    private readonly double _momentum, _dampening, _weightDecay;
    private readonly bool _nesterov;

    /// <param name="kernels">What does the work.</param>
    /// <param name="parameters">Stepped in place.</param>
    /// <param name="momentum">How much of the last step's direction stays.</param>
    /// <param name="dampening">How much of the gradient is kept out of the momentum after the first step.</param>
    /// <param name="weightDecay">How much of the weight joins the gradient.</param>
    /// <param name="nesterov">Whether the step looks ahead along the momentum.</param>
    /// <param name="pull">Joins the gradient.</param>
    /// <param name="masks">Zeros and ones, one tensor a parameter, of its shape and type.</param>
    public FusedSgd(TensorKernels kernels, IReadOnlyList<Tensor> parameters, double momentum = 0, double dampening = 0, double weightDecay = 0, bool nesterov = false,
        PullTowards? pull = null, IReadOnlyList<Tensor>? masks = null)
        : base(nameof(FusedSgd), kernels, parameters, momentum == 0 ? 0 : 1, pull, masks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(momentum);
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        if (nesterov && (momentum == 0 || dampening != 0))
            throw new ArgumentException("Nesterov's step needs a momentum above zero and no dampening.", nameof(nesterov));
        (_momentum, _dampening, _weightDecay, _nesterov) = (momentum, dampening, weightDecay, nesterov);
    }

    private protected override IEnumerable<SegmentField> Running() => [new("momentum", Buffers.Length == 0 ? null : Buffers[0], true)];

    private protected override Tensor? StepSegments(SegmentedTensors segments, long step, double learningRate, StepOptions options)
    {
        if (step == 1) options |= StepOptions.FirstStep;
        if (_nesterov) options |= StepOptions.Nesterov;
        return Kernels.StepSgd(segments, SgdRule.Of(learningRate, _momentum, _dampening, _weightDecay, Pull?.Lambda ?? 0, options), Parameters[0]);
    }

    private protected override void StepByOperators(Tensor parameter, Tensor gradient, Tensor[] buffers, long step, double learningRate)
    {
        if (_weightDecay != 0) gradient = gradient.add(parameter, alpha: _weightDecay);
        if (_momentum != 0)
        {
            var velocity = step == 1 ? buffers[0].copy_(gradient) : buffers[0].mul_(_momentum).add_(gradient, alpha: 1 - _dampening);
            gradient = _nesterov ? gradient.add(velocity, alpha: _momentum) : velocity;
        }
        parameter.add_(gradient, alpha: -learningRate);
    }
}
