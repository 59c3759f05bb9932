using ILGPU;
using Lacuna.Kernels;

namespace Lacuna.Tests.Gpu;

/// <summary>Parameters to launch with, whatever kernels there are.</summary>
internal static class FakeKernels
{
    public const string Scale = "FakeKernels.ScaleKernel";
    public const string Offset = "FakeKernels.OffsetKernel";
    public const string Mixed = "FakeKernels.MixedKernel";
    public const string Flagged = "FakeKernels.FlaggedKernel";

    public static KernelEntry Get(string name) => name switch
    {
        Scale => Of(name, ScaleKernel, 256),
        Offset => Of(name, OffsetKernel, 128),
        Mixed => Of(name, MixedKernel, 64),
        Flagged => Of(name, FlaggedKernel, 64),
        _ => KernelCatalogue.Get(name),
    };

    private static KernelEntry Of(string name, Delegate kernel, int groupSize) => new(name, kernel.Method, groupSize, false);

    private static void ScaleKernel(ArrayView<float> omega, ArrayView<float> gradient, float scale) => omega[0] += scale * gradient[0];

    private static void OffsetKernel(ArrayView<float> omega, ArrayView<float> gradient, float scale) => omega[0] += scale + gradient[0];

    private static void MixedKernel(int small, ArrayView<byte> bytes, float share, long large, int last, double exact, ArrayView<ushort> halves) =>
        halves[0] = (ushort)(small + bytes[0] + share + large + last + exact);

    private static void FlaggedKernel(bool flag, ArrayView<int> view) => view[0] = flag ? 1 : 0;
}
