using Lacuna.Gpu;
using static TorchSharp.torch;

namespace Lacuna.Models.Frozen;

/// <summary>A layer with weights, with what normalises its output folded into them, and the ReLU behind it.</summary>
/// <param name="ceiling">Of the ReLU behind it: infinity, or 6 for ReLU6; null for none.</param>
internal abstract class FrozenLayer(float? ceiling) : FrozenStage, IDisposable
{
    private const string Input = "input";
    private const string Output = "output";

    private Tensor? _weight;
    private Tensor? _bias;

    private Tensor Weight => _weight ?? throw new InvalidOperationException("The layer was not folded.");

    /// <inheritdoc/>
    public override IEnumerable<FrozenLayer> Layers => [this];

    /// <summary>The layer's linear map.</summary>
    protected abstract Tensor Apply(Tensor input, Tensor weight, Tensor? bias);

    /// <summary>
    /// Gradients by the network's own weights from that by the folded one, as (module, name of the parameter, gradient). Biases have none: they move no gate's derivative.
    /// </summary>
    public abstract IEnumerable<(nn.Module Module, string Parameter, Tensor Gradient)> Gradients(Tensor product);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, FrozenTape tape)
    {
        // The tensor library records this one map, so that it can be gone through backwards by its own fastest way.
        using var grad = set_grad_enabled(tape.Records);
        var leaf = input.detach();
        if (tape.Records) leaf.requires_grad_();
        var output = Apply(leaf, Weight, _bias);
        if (ceiling is { } top) tape.Kernels.ReluInPlace(output, null, top);
        tape.Own(this, Input, leaf);
        tape.Own(this, Output, output);
        return output.detach();
    }

    /// <inheritdoc/>
    public override Flow Back(Flow gradient, FrozenTape tape)
    {
        var output = tape[this, Output];
        if (ceiling is { } top) tape.Kernels.GateInPlace(gradient.Main, gradient.Addend, output, top);
        else gradient.Sum();
        if (tape.Adjoints is { } name) tape.Keep(this, name, gradient.Main);
        return new(autograd.grad([output], [tape[this, Input]], [gradient.Main], retain_graph: true)[0]);
    }

    /// <inheritdoc/>
    public override Tensor Tangent(Tensor tangent, FrozenTape tape)
    {
        Tensor result;
        if (tape.Multiplies)
        {
            using var grad = enable_grad();
            using var weight = Weight.detach().requires_grad_();
            var mapped = Apply(tangent, weight, null);
            using var product = autograd.grad([mapped], [weight], [tape[this, tape.Adjoints!]])[0];
            tape.AddProduct(this, product);
            result = mapped.detach();
        }
        else
        {
            result = Apply(tangent, Weight, null);
        }
        if (ceiling is { } top) tape.Kernels.GateInPlace(result, null, tape[this, Output], top);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weight?.Dispose();
        _bias?.Dispose();
        (_weight, _bias) = (null, null);
    }

    /// <summary>Keeps handles of its own to the weight and bias that the passes are to use.</summary>
    protected void Take(Tensor weight, Tensor? bias)
    {
        Dispose();
        _weight = weight.alias().DetachFromDisposeScope();
        _bias = bias?.alias().DetachFromDisposeScope();
    }
}
