using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

public sealed class PhiloxKernelTests
{
    private static void Kernel(Index1D i, ArrayView<uint> words)
    {
        var (x, y, z, w) = Philox.Block((uint)i.X, 7, 0, 1, 42, 43);
        words[4 * i] = x;
        words[4 * i + 1] = y;
        words[4 * i + 2] = z;
        words[4 * i + 3] = w;
    }

    [Fact]
    public void KernelAndHostDrawTheSame()
    {
        using var words = new SimulatedArray<uint>(400);
        KernelSimulator.Run(100, i => Kernel(i, words.View));
        for (uint i = 0; i < 100; i++)
        {
            ReadOnlySpan<uint> drawn = words.Span.Slice((int)i * 4, 4);
            Assert.Equal(Philox.Block(i, 7, 0, 1, 42, 43), (drawn[0], drawn[1], drawn[2], drawn[3]));
        }
    }
}
