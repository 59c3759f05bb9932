using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

/// <summary>The kernel language means what the CUDA programming guide and PTX manual say it means.</summary>
public sealed class LanguageTests : IDisposable
{
    private readonly SimulatedArray<int> output = new(new int[256]);

    public void Dispose() => output.Dispose();

    private void Expect(int count, Func<int, int> value) =>
        Assert.Equal(Enumerable.Range(0, count).Select(value), output.Span[..count].ToArray());

    private static int Me => Group.LinearIndex;

    [Fact]
    public void IndicesCoverAThreeDimensionalLaunchOnce()
    {
        KernelSimulator.Run(new(new Index3D(2, 3, 2), new Index3D(4, 2, 2)), () =>
        {
            Index3D i = Grid.GlobalIndex;
            Atomic.Add(ref output.View[(i.Z * 6 + i.Y) * 8 + i.X], 1 + Grid.GlobalLinearIndex - Grid.LinearIndex * 16 - (Group.IdxZ * 2 + Group.IdxY) * 4 - Group.IdxX);
        });
        Expect(2 * 2 * 3 * 2 * 8, _ => 1);
    }

    [Fact]
    public void GlobalIndicesPassTwoToThe31In64Bits()
    {
        using var wide = new SimulatedArray<long>(2);
        KernelSimulator.Run(new(int.MaxValue, 1024), () =>
        {
            if (Group.IsLastThread)
            {
                wide.View[0] = Grid.LongGlobalIndex.X;
                wide.View[1] = Grid.ComputeLongGlobalIndex(Grid.IdxX, Group.IdxX);
            }
        }, [new Index3D(int.MaxValue - 1, 0, 0)]);
        Assert.Equal([1024L * int.MaxValue - 1, 1024L * int.MaxValue - 1], wide.Span.ToArray());
    }

    [Fact]
    public void ShuffleTakesItsSourceModuloTheWidth()
    {
        KernelSimulator.Run(new(1, 64), () => output.View[Me] = Warp.Shuffle(Me, 35) * 1000 + Warp.Shuffle(Me, 9, 8));
        Expect(64, i => (i / 32 * 32 + 3) * 1000 + i / 8 * 8 + 1);
    }

    [Fact]
    public void ShuffleDownKeepsTheOwnValueAtTheEnd()
    {
        KernelSimulator.Run(new(1, 64), () => output.View[Me] = Warp.ShuffleDown(Me, 3) * 1000 + Warp.ShuffleDown(Me, 3, 8));
        Expect(64, i => (i % 32 + 3 < 32 ? i + 3 : i) * 1000 + (i % 8 + 3 < 8 ? i + 3 : i));
    }

    [Fact]
    public void ShuffleUpKeepsTheOwnValueAtTheStart()
    {
        KernelSimulator.Run(new(1, 64), () => output.View[Me] = Warp.ShuffleUp(Me, 5) * 1000 + Warp.ShuffleUp(Me, 5, 16));
        Expect(64, i => (i % 32 >= 5 ? i - 5 : i) * 1000 + (i % 16 >= 5 ? i - 5 : i));
    }

    [Fact]
    public void ShuffleXorExchangesPairs()
    {
        KernelSimulator.Run(new(1, 64), () => output.View[Me] = Warp.ShuffleXor(Me, 21) * 1000 + Warp.ShuffleXor(Me, 3, 4));
        Expect(64, i => (i ^ 21) * 1000 + (i ^ 3));
    }

    [Fact]
    public void BroadcastsReachWarpAndGroup()
    {
        KernelSimulator.Run(new(1, 64), () => output.View[Me] = Warp.Broadcast(Me, 7) * 1000 + Group.Broadcast(Me, 50));
        Expect(64, i => (i / 32 * 32 + 7) * 1000 + 50);
    }

    [Fact]
    public void FastLanesDoNotOverwriteWhatSlowOnesStillRead()
    {
        KernelSimulator.Run(new(1, 32), () =>
        {
            int sum = 0;
            for (int step = 0; step < 10; step++)
                sum += Warp.Shuffle(Me * 10 + step, step);
            output.View[Me] = sum;
        });
        Expect(32, _ => Enumerable.Range(0, 10).Sum(step => step * 10 + step));
    }

    [Fact]
    public void BarriersCountPredicates()
    {
        KernelSimulator.Run(new(1, 48), () =>
        {
            int count = Group.BarrierPopCount(Me % 3 == 0);
            int all = Group.BarrierAnd(Me < 48) ? 100 : 0;
            int notAll = Group.BarrierAnd(Me != 20) ? 1000 : 0;
            int any = Group.BarrierOr(Me == 47) ? 10_000 : 0;
            int none = Group.BarrierOr(Me == 48) ? 100_000 : 0;
            output.View[Me] = count + all + notAll + any + none;
        });
        Expect(48, _ => 16 + 100 + 10_000);
    }

    [Fact]
    public void BarrierMakesSharedMemoryVisibleToTheGroup()
    {
        KernelSimulator.Run(new(2, 96), () =>
        {
            ArrayView1D<int, Stride1D.Dense> shared = SharedMemory.Allocate1D<int>(96);
            shared[Group.IdxX] = Grid.IdxX * 1000 + Me;
            Group.Barrier();
            output.View[Grid.IdxX * 96 + Me] = shared[95 - Group.IdxX];
        });
        Expect(192, i => i / 96 * 1000 + 95 - i % 96);
    }

    [Fact]
    public void DynamicSharedMemoryIsOneBlockOfTheSizeAskedFor()
    {
        KernelSimulator.Run(new(1, 8, SharedMemoryConfig.RequestDynamic<long>(8)), () =>
        {
            SharedMemory.GetDynamic<long>()[Group.IdxX] = ((long)Me << 32) | 5;
            Group.Barrier();
            ArrayView<int> words = SharedMemory.GetDynamic<int>();
            output.View[Me] = words[2 * Group.IdxX] * 1000 + words[2 * Group.IdxX + 1] * 10 + words.IntLength;
        });
        Expect(8, i => 5000 + i * 10 + 16);
    }

    [Fact]
    public void LocalMemoryBelongsToTheThread()
    {
        KernelSimulator.Run(new(1, 64), () =>
        {
            ArrayView<int> local = LocalMemory.Allocate<int>(4);
            for (int i = 0; i < 4; i++)
                local[i] = Me + i;
            Group.Barrier();
            output.View[Me] = local[3] - local[0] + local[0];
        });
        Expect(64, i => i + 3);
    }

    [Fact]
    public void AtomicsReturnWhatStoodThereBefore()
    {
        using var cells = new SimulatedArray<float>([0, -1, 1, 5, 3]);
        KernelSimulator.Run(new(2, 32), () =>
        {
            int before = (int)Atomic.Add(ref cells.View[0], 1f);
            output.View[before] = 1;
            Atomic.Max(ref cells.View[1], (float)Me);
            Atomic.Min(ref cells.View[2], (float)-Me);
            Atomic.CompareExchange(ref cells.View[3], 5f, 6f + Grid.IdxX);
            Atomic.Exchange(ref cells.View[4], 8f);
        });
        Expect(64, _ => 1);
        Assert.Equal([64f, 31f, -31f, 6f, 8f], cells.Span.ToArray());
    }

    [Fact]
    public void MinAndMaxDropNaNAsOnTheDevice()
    {
        Assert.Equal((2f, 2f, 1f), (XMath.Max(float.NaN, 2f), XMath.Min(2f, float.NaN), XMath.Clamp(float.NaN, 0f, 1f)));
        Assert.Equal((0.5f, 0f, 1f), (XMath.Clamp(0.5f, 0f, 1f), XMath.Clamp(-3f, 0f, 1f), XMath.Clamp(3f, 0f, 1f)));
    }

    [Fact]
    public void AutoGroupedKernelRunsOncePerIndex()
    {
        KernelSimulator.Run(130, i => output.View[i] += 1 + (i == Grid.GlobalIndex.X ? 10 : 0));
        Expect(130, _ => 11);
        Assert.Equal(0, output.Span[130]);
        KernelSimulator.Run(0, i => output.View[-1] = 0);
    }

    private struct Scale(int factor) : IScale
    {
        private readonly int factor = factor;
        public readonly int Apply(int value) => value * factor;
        public static int Offset(int value) => value + 1;
    }

    private interface IScale
    {
        int Apply(int value);
        static abstract int Offset(int value);
    }

    private struct Work
    {
        public ArrayView<int> Target;
        public int Added;
    }

    private static void GenericKernel<TScale>(Work work, TScale scale) where TScale : struct, IScale
    {
        (int value, int added) = (Me, work.Added);
        work.Target[Me] = TScale.Offset(scale.Apply(value)) + added;
    }

    [Fact]
    public void KernelsTakeStructsWithViewsAndGenericOperations()
    {
        var work = new Work { Target = output.View.SubView(10, 20), Added = 1000 };
        KernelSimulator.Run(new(1, 20), () => GenericKernel(work, new Scale(3)));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => i * 3 + 1001), output.Span[10..30].ToArray());
        Assert.Equal((0, 0), (output.Span[9], output.Span[30]));
    }
}
