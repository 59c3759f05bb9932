using Lacuna.Gpu;
using Lacuna.Models.Frozen;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lacuna.Models.Training;

/// <summary>A convolution and the batch norm behind it, with the batch's statistics or, where that is in eval mode, with the running ones.</summary>
/// <param name="layer">The convolution.</param>
/// <param name="norm">The batch norm behind it; null for none.</param>
/// <param name="ceiling">Of the ReLU behind that; null for none.</param>
internal sealed class TrainingConvolution(Conv2d layer, BatchNorm2d? norm, float? ceiling) : TrainingLayer(ceiling)
{
    private const string Convolved = "convolved";
    private const string Mean = "mean";
    private const string Inverse = "inverse";

    // 3x3 filters at every place and one zero around: what our own convolution does.
    private readonly bool _isPlain = layer.groups == 1 && layer.weight!.size(2) == 3 && layer.weight.size(3) == 3
        && layer.stride.All(step => step == 1) && layer.padding!.All(zeros => zeros == 1) && layer.dilation.All(step => step == 1);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, Finish finish, TrainingTape tape)
    {
        var kernels = tape.Kernels;
        Tensor convolved;
        var isNormalised = norm is null;
        if (IsOwn(input, kernels))
        {
            tape.Keep(this, Input, input);
            var filters = TensorKernels.PrepareFilters3x3(layer.weight!, adjoint: false);
            convolved = kernels.Convolve3x3(input, filters, layer.weight!.size(0), layer.bias?.detach(), null, null, null);
        }
        else
        {
            convolved = Record(input, Convolve, tape);
        }
        if (isNormalised)
        {
            var output = convolved.detach();
            finish.ApplyTo(output, kernels);
            return output;
        }
        var (normalised, mean, inverse) = kernels.NormaliseBatch(convolved.detach(), norm!.weight.detach(), norm.bias!.detach(), norm.running_mean!, norm.running_var!, norm.eps, norm.momentum!.Value,
            finish.Addend, finish.Ceiling);
        norm.num_batches_tracked?.add_(1);
        tape.Keep(this, Convolved, convolved);
        tape.Own(this, Mean, mean);
        tape.Own(this, Inverse, inverse);
        return normalised;

        Tensor Convolve(Tensor leaf)
        {
            var output = layer.call(leaf);
            if (norm is null || HasOwnNorm(output, kernels)) return output;
            isNormalised = true;
            return norm.call(output);
        }
    }

    /// <inheritdoc/>
    protected override Flow Back(Tensor gradient, Finish finish, TrainingTape tape)
    {
        var kernels = tape.Kernels;
        List<(nn.Module, string, Tensor)> parameters = [(layer, "weight", layer.weight!)];
        if (tape.Find(this, Convolved) is not { } convolved)
        {
            if (layer.bias is not null) parameters.Add((layer, "bias", layer.bias));
            if (norm is not null) parameters.AddRange([(norm, "weight", norm.weight), (norm, "bias", norm.bias!)]);
            return BackThroughRecord(gradient, tape, parameters);
        }
        var (byScale, byShift) = kernels.DifferentiateBatch(gradient, convolved, norm!.weight.detach(), tape[this, Mean], tape[this, Inverse]);
        tape.AddGradient(norm, "weight", byScale);
        tape.AddGradient(norm, "bias", byShift);
        // The batch's own mean takes away whatever is added to every output.
        if (layer.bias is not null) tape.AddGradient(layer, "bias", zeros_like(layer.bias.detach()));
        Flow result;
        if (tape.Find(this, Recorded) is not null)
        {
            result = BackThroughRecord(convolved, tape, parameters);
        }
        else
        {
            tape.AddGradient(layer, "weight", kernels.FilterGradient3x3(tape[this, Input], convolved));
            result = IsFirst ? default : new(kernels.Convolve3x3(convolved, TensorKernels.PrepareFilters3x3(layer.weight!, adjoint: true), layer.weight!.size(1), null, finish.Addend, finish.Gate, finish.Ceiling),
                null, IsFinished: true);
        }
        tape.Release(this, Convolved, Mean, Inverse);
        return result;
    }

    private bool HasOwnNorm(Tensor activations, TensorKernels kernels) =>
        norm is { training: true, running_mean: not null, running_var: not null, momentum: not null } && norm.weight is not null && norm.bias is not null && kernels.NormalisesBatches(activations);

    private bool IsOwn(Tensor input, TensorKernels kernels) =>
        _isPlain && HasOwnNorm(input, kernels) && kernels.Convolves3x3(input) && kernels.Convolves3x3(input, layer.weight!.size(0));
}
