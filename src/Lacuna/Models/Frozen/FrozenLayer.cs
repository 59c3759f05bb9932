using Lacuna.Gpu;
using Lacuna.Kernels;
using Lacuna.Profiling;
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

    /// <summary>The folded weight.</summary>
    protected Tensor Weight => _weight ?? throw new InvalidOperationException("The layer was not folded.");

    /// <summary>Numbers in the weight.</summary>
    public long Weights => Weight.numel();

    /// <summary>Of the ReLU behind it; null for none.</summary>
    protected float? Ceiling => ceiling;

    /// <inheritdoc/>
    public override IEnumerable<FrozenLayer> Layers => [this];

    /// <summary>The layer's linear map.</summary>
    protected abstract Tensor Apply(Tensor input, Tensor weight, Tensor? bias);

    /// <summary>The linear map with all that is to be done to its output, by a kernel of ours; null where there is none for such an input.</summary>
    protected virtual Tensor? Own(Tensor input, Tensor? bias, Finish finish, TensorKernels kernels) => null;

    /// <summary>Whether <see cref="OwnBack"/> takes gradients from outputs of images like these, of which only height, width, type and device count.</summary>
    protected virtual bool HasOwnBack(Tensor like, TensorKernels kernels) => false;

    /// <summary>The gradient by the input with all that is to be done to it, by a kernel of ours.</summary>
    protected virtual Tensor OwnBack(Tensor gradient, Finish finish, TensorKernels kernels) => throw new InvalidOperationException("The layer has no way of its own back.");

    /// <summary>The gradient by the input, by operators, where the input may have more rows than the forward pass had: gradients of several seeds.</summary>
    /// <param name="gradient">By the output.</param>
    /// <param name="like">The forward pass' input; only its shape counts, but for the rows.</param>
    protected abstract Tensor LibraryBack(Tensor gradient, Tensor like);

    /// <summary>The gradient by the weight of sum(adjoint * map(input)), by a kernel of ours; null where there is none for such an input.</summary>
    protected virtual Tensor? OwnProduct(Tensor input, Tensor adjoint, TensorKernels kernels) => null;

    /// <summary>
    /// Gradients by the network's own weights from that by the folded one, as (module, name of the parameter, gradient). Biases have none: they move no gate's derivative.
    /// </summary>
    public abstract IEnumerable<(nn.Module Module, string Parameter, Tensor Gradient)> Gradients(Tensor product);

    /// <summary>Sums, zero yet, of the sizes of single images' gradients by the network's own weights.</summary>
    public abstract LayerImportance Importance(ImportanceMeasure measure);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, FrozenTape tape) => Forward(input, new(null, ceiling), tape);

    /// <summary>As <see cref="Forward(Tensor, FrozenTape)"/>, with this done to what leaves.</summary>
    public Tensor Forward(Tensor input, Finish finish, FrozenTape tape)
    {
        // Where there is no way of ours back, the tensor library records this one map, so that it can be gone through backwards by its own fastest way.
        var records = tape.Records && !HasOwnBack(input, tape.Kernels);
        var output = Own(input, _bias, finish, tape.Kernels);
        if (output is null)
        {
            using var grad = set_grad_enabled(records);
            var leaf = input.detach();
            if (records) leaf.requires_grad_();
            output = Apply(leaf, Weight, _bias);
            finish.ApplyTo(output, tape.Kernels);
            if (records) tape.Own(this, Input, leaf);
        }
        if (records) tape.Own(this, Output, output);
        else
        {
            if (ceiling is not null) tape.Keep(this, Output, output);
            if (tape.Meets is not null) tape.Keep(this, Input, input);
        }
        return output.detach();
    }

    /// <inheritdoc/>
    public override Finish Gate(FrozenTape tape) => ceiling is null ? default : new(null, ceiling, tape[this, Output]);

    /// <inheritdoc/>
    public override Flow Back(Flow gradient, Finish finish, FrozenTape tape)
    {
        if (!gradient.IsFinished) (Gate(tape) with { Addend = gradient.Addend }).ApplyTo(gradient.Main, tape.Kernels);
        tape.KeepAdjoints(this, gradient.Main);
        tape.Meets?.Invoke(this, tape[this, Input], gradient.Main);
        Flow back;
        if (!HasOwnBack(gradient.Main, tape.Kernels)) back = new(LibraryBack(gradient.Main, tape));
        else if (finish.Fits(gradient.Main.size(0))) back = new(OwnBack(gradient.Main, finish, tape.Kernels), null, IsFinished: true);
        else back = new(OwnBack(gradient.Main, default, tape.Kernels));
        tape.LetGo(this);
        return back;
    }

    private Tensor LibraryBack(Tensor gradient, FrozenTape tape)
    {
        var (input, output) = (tape[this, Input], tape[this, Output]);
        return gradient.size(0) == output.size(0) ? autograd.grad([output], [input], [gradient], retain_graph: true)[0] : LibraryBack(gradient, input);
    }

    /// <inheritdoc/>
    public override Tensor Tangent(Tensor tangent, FrozenTape tape) => Tangent(tangent, Gate(tape), tape);

    /// <summary>As <see cref="Tangent(Tensor, FrozenTape)"/>, with this done to what leaves.</summary>
    public Tensor Tangent(Tensor tangent, Finish finish, FrozenTape tape)
    {
        var adjoint = tape.Multiplies ? tape.Adjoint(this) : null;
        if (adjoint is not null && OwnProduct(tangent, adjoint, tape.Kernels) is { } ownProduct)
        {
            tape.AddProduct(this, ownProduct);
            adjoint = null;
        }
        if (adjoint is null && Own(tangent, null, finish, tape.Kernels) is { } own) return own;
        Tensor result;
        if (adjoint is null)
        {
            result = Apply(tangent, Weight, null);
        }
        else
        {
            using var grad = enable_grad();
            using var weight = Weight.detach().requires_grad_();
            var mapped = Apply(tangent, weight, null);
            using (tape.Kernels.Profiler.Span(SpanKind.Pass, PassNames.WeightProduct))
            {
                using var product = autograd.grad([mapped], [weight], [adjoint])[0];
                tape.AddProduct(this, product);
            }
            result = mapped.detach();
        }
        finish.ApplyTo(result, tape.Kernels);
        return result;
    }

    /// <inheritdoc/>
    public virtual void Dispose()
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
