using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu.Optimisers;

/// <summary>
/// An optimiser whose step is one pass over all parameters. It takes gradients as a list and leaves <c>Tensor.grad</c> alone; parameters, gradients, pull and masks
/// must be contiguous, of one type and device. On tensors that no kernel serves the tensor library's operators do the same.
/// </summary>
public abstract class FusedOptimiser : IDisposable
{
    private readonly SegmentedTensors _segments;
    private readonly long[] _steps;
    private readonly string _name;

    private protected FusedOptimiser(string name, TensorKernels kernels, IReadOnlyList<Tensor> parameters, int buffers, PullTowards? pull, IReadOnlyList<Tensor>? masks)
    {
        if (parameters.Count == 0) throw new ArgumentException($"{name} has no parameter to step.", nameof(parameters));
        Require.Counterparts(parameters, nameof(parameters), parameters, nameof(parameters), name);
        if (pull is not null)
        {
            Require.Counterparts(pull.Start, "start", parameters, nameof(parameters), name);
            Require.Counterparts(pull.Hold, "hold", parameters, nameof(parameters), name);
        }
        if (masks is not null) Require.Counterparts(masks, nameof(masks), parameters, nameof(parameters), name);
        (_name, Kernels, Parameters, Pull, Masks) = (name, kernels, [.. parameters], pull, masks is null ? null : [.. masks]);
        _steps = new long[parameters.Count];
        _segments = new(name);
        Buffers = [.. Enumerable.Range(0, buffers).Select(_ => parameters.Select(p => zeros_like(p).DetachFromDisposeScope()).ToArray())];
    }

    private protected TensorKernels Kernels { get; }

    private protected Tensor[] Parameters { get; }

    private protected PullTowards? Pull { get; }

    private protected Tensor[]? Masks { get; }

    /// <summary>What the optimiser remembers between steps: for each running value one tensor a parameter, zero at first.</summary>
    private protected Tensor[][] Buffers { get; }

    /// <summary>Steps all parameters that have a gradient; those where it is null stay as they are, which with a pull is an error.</summary>
    /// <param name="gradients">One a parameter, of its shape.</param>
    /// <param name="learningRate">Of this step.</param>
    public void Step(IReadOnlyList<Tensor?> gradients, double learningRate) => Take(gradients, learningRate, StepOptions.None)?.Dispose();

    /// <summary>Steps as <see cref="Step"/> does and returns the pull's value before the step, [1], owned by the caller.</summary>
    public Tensor StepAndValuePull(IReadOnlyList<Tensor> gradients, double learningRate)
    {
        if (Pull is null) throw new InvalidOperationException($"{_name} has no pull to value.");
        return Take(gradients, learningRate, StepOptions.PullValue)!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _segments.Dispose();
        foreach (var buffer in Buffers.SelectMany(all => all)) buffer.Dispose();
    }

    /// <summary>The fields of the segments between gradient and start.</summary>
    private protected abstract IEnumerable<SegmentField> Running();

    /// <summary>Step number <paramref name="step"/> = 1, 2, ... of the segments, by kernel or CPU path; returns the pull's value if the options ask for it.</summary>
    private protected abstract Tensor? StepSegments(SegmentedTensors segments, long step, double learningRate, StepOptions options);

    /// <summary>The same of one parameter, by operators, in place; <paramref name="buffers"/> are its running values.</summary>
    private protected abstract void StepByOperators(Tensor parameter, Tensor gradient, Tensor[] buffers, long step, double learningRate);

    private Tensor? Take(IReadOnlyList<Tensor?> gradients, double learningRate, StepOptions options)
    {
        Require.Counterparts(gradients, nameof(gradients), Parameters, nameof(Parameters), _name);
        if (Pull is not null && gradients.Any(g => g is null))
            throw new ArgumentException($"{_name}: with a pull every parameter needs a gradient, if only of zeros.", nameof(gradients));
        using var _ = no_grad();
        using var span = Kernels.Timed(_name);
        var due = Enumerable.Range(0, Parameters.Length).Where(i => gradients[i] is not null).ToArray();
        var value = Kernels.UsesOperatorsOn(Parameters[0]) ? TakeByOperators(due, gradients, learningRate, options) : TakeBySegments(due, gradients, learningRate, options);
        foreach (var i in due) _steps[i]++;
        return value;
    }

    private Tensor? TakeBySegments(int[] due, IReadOnlyList<Tensor?> gradients, double learningRate, StepOptions options)
    {
        if (Pull is not null) options |= StepOptions.Pull;
        if (Masks is not null) options |= StepOptions.Mask;
        Tensor? value = null;
        // Parameters that were left out before are behind the others; all that are at one step go together.
        foreach (var taken in due.Select(i => _steps[i]).Distinct())
        {
            Tensor?[] now = [.. gradients.Select((g, i) => _steps[i] == taken ? g : null)];
            _segments.Take([new("parameters", Parameters, true), new("gradients", now, false), .. Running(), new("start", Pull?.Start, false), new("hold", Pull?.Hold, false), new("masks", Masks, false)]);
            value = StepSegments(_segments, taken + 1, learningRate, options);
        }
        return value;
    }

    private Tensor? TakeByOperators(int[] due, IReadOnlyList<Tensor?> gradients, double learningRate, StepOptions options)
    {
        var value = options.HasFlag(StepOptions.PullValue) ? ValueByOperators() : null;
        foreach (var i in due) StepByOperators(i, gradients[i]!, learningRate);
        return value;
    }

    private void StepByOperators(int i, Tensor gradient, double learningRate)
    {
        using var scope = NewDisposeScope();
        var parameter = Parameters[i];
        Tensor[] buffers = [.. Buffers.Select(all => all[i])];
        if (Pull is not null) gradient = gradient.add(Pull.Hold[i] * (parameter - Pull.Start[i]), alpha: Pull.Lambda);
        if (Masks is null)
        {
            StepByOperators(parameter, gradient, buffers, _steps[i] + 1, learningRate);
            return;
        }
        var moves = Masks[i].ne(0);
        Tensor[] before = [parameter, .. buffers], after = [.. before.Select(t => t.clone())];
        StepByOperators(after[0], gradient, after[1..], _steps[i] + 1, learningRate);
        for (var k = 0; k < before.Length; k++) before[k].copy_(where(moves, after[k], before[k]));
    }

    private Tensor ValueByOperators()
    {
        using var scope = NewDisposeScope();
        var value = zeros(1, dtype: Parameters[0].dtype, device: Parameters[0].device);
        for (var i = 0; i < Parameters.Length; i++)
        {
            var moved = Parameters[i] - Pull!.Start[i];
            value.add_((Pull.Hold[i] * moved * moved).sum(), alpha: Pull.Lambda / 2);
        }
        return value.MoveToOuterDisposeScope();
    }
}
