using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

/// <summary>Every type of image and result, clamp and layout: the kernels do the CPU path's operations in its order, so they must agree to the bit.</summary>
public sealed class ForgetVectorTypesKernelTests
{
    public static TheoryData<bool, bool, string> Forms => ForgetVectorTypesCase.Forms;

    private static float[] Kernel(ForgetVectorTypesCase c, int wide)
    {
        int offset = wide != 0 ? 16 : 1;
        using var bytes = new SimulatedArray<byte>([.. new byte[offset], .. c.Bytes ?? [], 9]);
        using var floats = new SimulatedArray<float>([.. new float[offset], .. c.X, 9]);
        using var delta = new SimulatedArray<float>([.. new float[offset], .. c.Delta]);
        using var weights = new SimulatedArray<float>([9, .. c.Weights]);
        using var mean = new SimulatedArray<float>([9, .. c.Mean]);
        using var deviation = new SimulatedArray<float>([9, .. c.Deviation]);
        using var y = new SimulatedArray<float>(c.X.Length + offset + 1);
        using var yh = new SimulatedArray<ushort>(c.X.Length + offset + 1);
        ArrayView<byte> vb = bytes.View.SubView(offset, c.Bytes?.Length ?? 0);
        ArrayView<float> vx = floats.View.SubView(offset, c.X.Length), vd = delta.View.SubView(offset), vw = weights.View.SubView(1), vm = mean.View.SubView(1), vs = deviation.View.SubView(1);
        ArrayView<float> vy = y.View.SubView(offset, c.X.Length);
        ArrayView<ushort> vh = yh.View.SubView(offset, c.X.Length);
        var (samples, elements, vectors, _) = c.Shape;
        var (low, high, _, plane) = c.Output;
        if (c.Bytes is null && !c.HalfResult)
            KernelSimulator.Run(new(2, 64), () => ForgetVectorApplication.FloatToFloat(vx, vd, vw, vm, vs, vy, samples, elements, vectors, plane, low, high, wide));
        else if (c.Bytes is null)
            KernelSimulator.Run(new(2, 64), () => ForgetVectorApplication.FloatToHalf(vx, vd, vw, vm, vs, vh, samples, elements, vectors, plane, low, high, wide));
        else if (!c.HalfResult)
            KernelSimulator.Run(new(2, 64), () => ForgetVectorApplication.ByteToFloat(vb, vd, vw, vm, vs, vy, samples, elements, vectors, plane, low, high, wide));
        else
            KernelSimulator.Run(new(2, 64), () => ForgetVectorApplication.ByteToHalf(vb, vd, vw, vm, vs, vh, samples, elements, vectors, plane, low, high, wide));
        Assert.True(float.IsNaN(y.Span[offset - 1]) && float.IsNaN(y.Span[^1]));
        Assert.True(yh.Span[offset - 1] == 0xffff && yh.Span[^1] == 0xffff);
        return c.HalfResult ? [.. yh.Span[offset..^1].ToArray().Select(BFloat16.ToSingle)] : y.Span[offset..^1].ToArray();
    }

    [Theory, MemberData(nameof(Forms))]
    public void AgreesWithCpu(bool bytes, bool half, string form)
    {
        foreach (int elements in new[] { 0, 1, 4, 8, 12, 20, 33, 60 })
            foreach (var (samples, vectors, perSample) in new[] { (0, 1, false), (1, 1, false), (6, 3, true), (9, 2, false) })
            {
                var c = new ForgetVectorTypesCase(samples, elements, vectors, perSample, bytes, half, form);
                Assert.Equal(c.Cpu(), Kernel(c, 0));
                if (elements % 4 == 0)
                    Assert.Equal(c.Cpu(), Kernel(c, 1));
            }
    }

    [Theory, MemberData(nameof(Forms))]
    public void AgreesOnSpecialValues(bool bytes, bool half, string form)
    {
        var c = new ForgetVectorTypesCase(5, 100, 2, perSample: true, bytes, half, form, specials: true);
        Assert.Equal(c.Cpu(), Kernel(c, 0));
        Assert.Equal(c.Cpu(), Kernel(c, 1));
    }
}
