using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    /// <summary>
    /// Whether <see cref="Convolve3x3"/> does a convolution on images like these and is faster than the tensor library's: float32, on the CPU's kernels with wide vectors, 3x3 filters at
    /// every place with one zero around. Elsewhere the library's convolutions are the way; on CUDA it has this one among its own.
    /// </summary>
    /// <param name="input">[N, C, H, W].</param>
    public bool Convolves3x3(Tensor input) => Convolves3x3(input, input.size(1));

    /// <summary>As <see cref="Convolves3x3(Tensor)"/> for images of this size with other channels.</summary>
    /// <param name="input">[N, C, H, W].</param>
    /// <param name="channels">Instead of C.</param>
    public bool Convolves3x3(Tensor input, long channels) =>
        WinogradConvolution.IsAccelerated && WayFor(input) == Way.Cpu && input.dim() == 4 && WinogradConvolution.Pays((int)input.size(2), (int)input.size(3), (int)channels);

    /// <summary>Filters as <see cref="Convolve3x3"/> takes them. The caller owns them.</summary>
    /// <param name="weight">[O, C, 3, 3] float32 on the CPU.</param>
    /// <param name="adjoint">Whether for the gradient by the input, a convolution of O channels to C.</param>
    public static Tensor PrepareFilters3x3(Tensor weight, bool adjoint)
    {
        using var scope = NewDisposeScope();
        var plain = weight.detach().contiguous();
        Require.Plain(plain, nameof(weight), nameof(PrepareFilters3x3), ScalarType.Float32);
        var (outputs, channels) = ((int)plain.size(0), (int)plain.size(1));
        Require.Shaped(plain, nameof(weight), nameof(PrepareFilters3x3), outputs, channels, 3, 3);
        var prepared = empty(adjoint ? WinogradFilters.Length(outputs, channels) : WinogradFilters.Length(channels, outputs), dtype: ScalarType.Float32);
        if (adjoint) WinogradFilters.PrepareAdjoint(Floats(plain), channels, outputs, Floats(prepared));
        else WinogradFilters.Prepare(Floats(plain), channels, outputs, Floats(prepared));
        return prepared.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Convolution by 3x3 filters at every place, one zero around the image, with what follows it in the same pass: y = conv(x) + bias + s, then a ReLU with ceiling, or the gate of one:
    /// y where 0 &lt; h &lt; ceiling, otherwise 0. Only where <see cref="Convolves3x3(Tensor)"/>. No gradient is recorded. The caller owns y, [N, O, H, W] channels-last.
    /// </summary>
    /// <param name="input">x, [N, C, H, W]; copied unless channels-last.</param>
    /// <param name="filters">Of <see cref="PrepareFilters3x3"/>.</param>
    /// <param name="outputs">O.</param>
    /// <param name="bias">[O]; null for none.</param>
    /// <param name="addend">s, [N, O, H, W]; null for none.</param>
    /// <param name="gate">h, [N, O, H, W]; null for a ReLU or nothing.</param>
    /// <param name="ceiling">Infinity for ReLU, 6 for ReLU6; null for neither.</param>
    public Tensor Convolve3x3(Tensor input, Tensor filters, long outputs, Tensor? bias, Tensor? addend, Tensor? gate, float? ceiling)
    {
        const string operation = nameof(Convolve3x3);
        using var timed = Timed(operation);
        if (WayFor(input) != Way.Cpu || input.dim() != 4)
            throw new ArgumentException($"{operation}: 'input' {Require.Shape(input)} {input.dtype} on {input.device} is not for it; ask Convolves3x3 first.", nameof(input));
        if (gate is not null && (bias is not null || ceiling is null))
            throw new ArgumentException($"{operation}: behind a gate there is no bias, and it has a ceiling.", nameof(gate));
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var x = Turned(input, nameof(input), operation);
        var (samples, height, width, channels) = (x.size(0), (int)x.size(1), (int)x.size(2), (int)x.size(3));
        Require.Plain(filters, nameof(filters), operation, ScalarType.Float32);
        Require.Shaped(filters, nameof(filters), operation, WinogradFilters.Length(channels, (int)outputs));
        if (bias is not null)
        {
            Require.Plain(bias, nameof(bias), operation, ScalarType.Float32);
            Require.Shaped(bias, nameof(bias), operation, outputs);
        }
        var s = addend is null ? null : Turned(addend, nameof(addend), operation, samples, outputs, height, width);
        var h = gate is null ? null : Turned(gate, nameof(gate), operation, samples, outputs, height, width);
        var y = empty(samples, height, width, outputs, dtype: ScalarType.Float32);
        if (samples > 0)
        {
            if (h is null)
                WinogradConvolution.Cpu(Floats(x), Floats(filters), bias is null ? null : Floats(bias), s is null ? null : Floats(s), Floats(y), samples, height, width, channels, (int)outputs, ceiling);
            else
                WinogradConvolution.GatedCpu(Floats(x), Floats(filters), s is null ? null : Floats(s), Floats(h), Floats(y), samples, height, width, channels, (int)outputs, ceiling!.Value);
        }
        return y.permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The gradient by the filters of sum(gradient * conv(input)), of the convolution that <see cref="Convolve3x3"/> does, [O, C, 3, 3] in an order of its own. Only where
    /// <see cref="Convolves3x3(Tensor)"/>. The caller owns it.
    /// </summary>
    /// <param name="input">[N, C, H, W]; copied unless channels-last.</param>
    /// <param name="gradient">[N, O, H, W]; copied unless channels-last.</param>
    public Tensor FilterGradient3x3(Tensor input, Tensor gradient)
    {
        const string operation = nameof(FilterGradient3x3);
        using var timed = Timed(operation);
        if (WayFor(input) != Way.Cpu || input.dim() != 4 || gradient.dim() != 4)
            throw new ArgumentException($"{operation}: 'input' {Require.Shape(input)} {input.dtype} on {input.device} is not for it; ask Convolves3x3 first.", nameof(input));
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var x = Turned(input, nameof(input), operation);
        var (samples, height, width, channels, outputs) = (x.size(0), (int)x.size(1), (int)x.size(2), (int)x.size(3), (int)gradient.size(1));
        var d = Turned(gradient, nameof(gradient), operation, samples, outputs, height, width);
        var filters = empty(3, 3, channels, outputs, dtype: ScalarType.Float32);
        WinogradFilterGradient.Cpu(Floats(x), Floats(d), Floats(filters), samples, height, width, channels, outputs);
        return filters.permute(3, 2, 0, 1).MoveToOuterDisposeScope();
    }

    // [N, H, W, C] of a channels-last tensor; copied where it is not.
    private static Tensor Turned(Tensor tensor, string name, string operation, params ReadOnlySpan<long> shape)
    {
        if (shape.Length > 0) Require.Shaped(tensor, name, operation, shape);
        var turned = tensor.detach().permute(0, 2, 3, 1).contiguous();
        Require.Plain(turned, name, operation, ScalarType.Float32);
        return turned;
    }
}
