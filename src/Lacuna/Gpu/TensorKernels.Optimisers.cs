using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>Whether the operators work on tensors like this one.</summary>
    internal bool UsesOperatorsOn(Tensor tensor) => WayFor(tensor) == Way.Operators;

    /// <summary>Steps all segments, those of <see cref="SgdStep"/>. Returns the pull's value [1] before the step if the rule asks for it.</summary>
    internal Tensor? StepSgd(SegmentedTensors tensors, SgdRule rule, Tensor where)
    {
        var value = SgdRule.Has(rule, StepOptions.PullValue);
        if (WayFor(where) == Way.Cpu) return OnHost(SgdStep.Cpu(tensors.Segments, rule), value);
        var device = where.device;
        using var partial = value ? empty(tensors.Segments.Chunks, device: device) : null;
        Launch("SgdStep.Kernel", where, LaunchSize.For(tensors.Segments.Chunks), tensors.Memory(device), tensors.Table(device), tensors.Segments.Count,
            partial is null ? tensors.Nothing : View(partial), rule.Options, rule.LearningRate, rule.Momentum, rule.Share, rule.WeightDecay, rule.Lambda);
        return PullValue(partial, rule.Lambda);
    }

    /// <summary>Steps all segments, those of <see cref="AdamStep"/>. Returns the pull's value [1] before the step if the rule asks for it.</summary>
    internal Tensor? StepAdam(SegmentedTensors tensors, AdamRule rule, Tensor where)
    {
        var value = AdamRule.Has(rule, StepOptions.PullValue);
        if (WayFor(where) == Way.Cpu) return OnHost(AdamStep.Cpu(tensors.Segments, rule), value);
        var device = where.device;
        using var partial = value ? empty(tensors.Segments.Chunks, device: device) : null;
        Launch("AdamStep.Kernel", where, LaunchSize.For(tensors.Segments.Chunks), tensors.Memory(device), tensors.Table(device), tensors.Segments.Count,
            partial is null ? tensors.Nothing : View(partial), rule.Options, rule.Rate, rule.Beta1, rule.Share1, rule.Beta2, rule.Share2, rule.SquareRoot,
            rule.Epsilon, rule.Decay, rule.Lambda);
        return PullValue(partial, rule.Lambda);
    }

    private static Tensor? OnHost(double value, bool wanted) => wanted ? tensor(new[] { (float)value }) : null;

    private Tensor? PullValue(Tensor? partial, float lambda)
    {
        if (partial is null) return null;
        if (partial.numel() == 0) return zeros(1, device: partial.device);
        var value = empty(1, device: partial.device);
        Launch("WeightPull.ValueKernel", partial, LaunchSize.For(1), View(partial), View(value), lambda);
        return value;
    }
}
