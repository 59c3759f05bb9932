using Lacuna.Gpu.Launch;
using Lacuna.Kernels;
using static TorchSharp.torch;

namespace Lacuna.Gpu;

public sealed unsafe partial class TensorKernels
{
    // Parts that the kernels count apart: about as many groups as the largest devices hold at once.
    private const long MostParts = 1024;

    /// <summary>
    /// Marks the <paramref name="k"/> elements of largest absolute value over all tensors taken as one: a mask for every tensor, 1 for these and 0 for the others, and the
    /// k-th largest value as a tensor without dimensions, infinity for k = 0. Exactly k elements are marked: equal ones in the order of the tensors and the places in them.
    /// NaN is larger than all. Nothing is read back from the device.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many elements.</exception>
    public (IReadOnlyList<Tensor> Masks, Tensor Threshold) LargestMagnitudes(IReadOnlyList<Tensor> tensors, long k)
    {
        using var timed = Timed(nameof(LargestMagnitudes));
        if (tensors.Count == 0) throw new ArgumentException($"{nameof(LargestMagnitudes)}: there is no tensor to select from.", nameof(tensors));
        for (var i = 0; i < tensors.Count; i++)
        {
            Require.Floats(tensors[i], $"tensors[{i}]", nameof(LargestMagnitudes));
            Require.Alike(tensors[i], $"tensors[{i}]", tensors[0], nameof(LargestMagnitudes));
        }
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, tensors.Sum(t => t.numel()));
        var way = WayFor(tensors[0]);
        if (way == Way.Operators || (way == Way.Launch && k == 0)) return SelectBySorting(tensors, k);
        var masks = tensors.Select(t => empty_like(t)).ToList();
        var segments = new TensorSegments(2, [.. tensors.Zip(masks).SelectMany(pair => new[] { (nint)Floats(pair.First), (nint)Floats(pair.Second) })], [.. tensors.Select(t => t.numel())]);
        if (way == Way.Cpu) return (masks, tensor(MagnitudeSelection.Cpu(segments, k)));

        var where = tensors[0];
        var threshold = empty([], dtype: ScalarType.Float32, device: where.device);
        var parts = Math.Min(segments.Chunks, MostParts);
        using var table = tensor(segments.DeviceTable(out var anchor, out var span), device: where.device);
        using var work = zeros(MagnitudeSelection.WorkLength, dtype: ScalarType.Int64, device: where.device);
        using var counts = empty(parts * MagnitudeSelection.LastBins, dtype: ScalarType.Int32, device: where.device);
        var memory = KernelArgument.View(anchor, span);
        for (var digit = 0; digit < MagnitudeSelection.Digits; digit++)
            Launch("MagnitudeSelection.HistogramKernel", where, LaunchSize.For(parts), memory, View(table), View(work), View(counts), (long)segments.Count, segments.Fields, digit, k);
        Launch("MagnitudeSelection.ThresholdKernel", where, LaunchSize.For(1), View(work), View(threshold), k);
        Launch("MagnitudeSelection.MaskKernel", where, LaunchSize.For(parts), memory, View(table), View(work), View(counts), (long)segments.Count, segments.Fields);
        return (masks, threshold);
    }

    private static (IReadOnlyList<Tensor> Masks, Tensor Threshold) SelectBySorting(IReadOnlyList<Tensor> tensors, long k)
    {
        if (k == 0) return ([.. tensors.Select(t => zeros_like(t))], full([], double.PositiveInfinity, dtype: tensors[0].dtype, device: tensors[0].device));
        using var scope = NewDisposeScope();
        var magnitudes = cat([.. tensors.Select(t => t.flatten().abs())], 0);
        var (values, order) = magnitudes.sort(0, descending: true, stable: true);
        var mask = zeros_like(magnitudes).scatter_(0, order.narrow(0, 0, k), ones(k, dtype: magnitudes.dtype, device: magnitudes.device));
        var masks = new List<Tensor>();
        long start = 0;
        foreach (var like in tensors)
        {
            masks.Add(mask.narrow(0, start, like.numel()).view(like.shape).clone().MoveToOuterDisposeScope());
            start += like.numel();
        }
        return (masks, values.select(0, k - 1).clone().MoveToOuterDisposeScope());
    }
}
