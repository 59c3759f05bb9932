using ILGPU;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

/// <summary>Reads of unwritten memory and races: each provoked, each beside a correct kernel that must pass.</summary>
public sealed class SharedMemoryFaultTests : IDisposable
{
    private readonly SimulatedArray<float> output = new(new float[64]);

    public void Dispose() => output.Dispose();

    private static KernelFaultException Fault(KernelConfig config, Action kernel) =>
        Assert.Throws<KernelFaultException>(() => KernelSimulator.Run(config, kernel));

    private void ExpectUnwritten(Action kernel) => Assert.Equal(KernelFault.UnwrittenRead, Fault(new(1, 4, SharedMemoryConfig.RequestDynamic<float>(16)), kernel).Fault);

    private void ExpectRace(int threads, Action kernel) => Assert.Equal(KernelFault.Race, Fault(new(1, threads), kernel).Fault);

    private struct Pair
    {
        public byte Small;
        public double Large;
    }

    [Fact]
    public void PlainReadOfUnwrittenElement() => ExpectUnwritten(() => output.View[0] = SharedMemory.Allocate<float>(8)[3]);

    [Fact]
    public void NeighbourOfAWrittenElementIsStillUnwritten() => ExpectUnwritten(() =>
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(8);
        shared[Group.IdxX] = 1;
        output.View[Group.IdxX] = shared[Group.IdxX + 4];
    });

    [Fact]
    public void AddingToAnUnwrittenElementReadsIt() => ExpectUnwritten(() => SharedMemory.Allocate<int>(8)[Group.IdxX] += 1);

    [Fact]
    public void AtomicAddToAnUnwrittenElementReadsIt() => ExpectUnwritten(() => Atomic.Add(ref SharedMemory.Allocate<int>(8)[0], 1));

    [Fact]
    public void UnwrittenElementOfDynamicMemory() => ExpectUnwritten(() =>
    {
        ArrayView<float> shared = SharedMemory.GetDynamic<float>();
        shared[Group.IdxX] = 1;
        output.View[Group.IdxX] = shared[Group.IdxX + 12];
    });

    [Fact]
    public void RecordHoldsThroughSubViewAndCast() => ExpectUnwritten(() =>
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(16);
        shared[Group.IdxX * 4] = 1; // half of a long
        output.View[Group.IdxX] = shared.SubView(Group.IdxX * 4, 2).Cast<long>()[0];
    });

    [Fact]
    public void UnwrittenFieldOfAStruct() => ExpectUnwritten(() =>
    {
        ArrayView<Pair> shared = SharedMemory.Allocate<Pair>(4);
        shared[Group.IdxX].Small = 1;
        output.View[Group.IdxX] = (float)shared[Group.IdxX].Large;
    });

    [Fact]
    public void UnwrittenLocalMemory() => ExpectUnwritten(() =>
    {
        ArrayView<float> local = LocalMemory.Allocate<float>(4);
        local[0] = 1;
        output.View[Group.IdxX] = local[Group.IdxX];
    });

    [Fact]
    public void MemoryOfTheGroupBeforeIsUnwrittenAgain() =>
        Assert.Equal(new Index3D(1, 0, 0), Fault(new(2, 4), () =>
        {
            ArrayView<float> shared = SharedMemory.Allocate<float>(8);
            if (Grid.IdxX == 0)
                shared[Group.IdxX] = 1;
            output.View[Group.IdxX] = shared[Group.IdxX];
        }).Group);

    [Fact]
    public void StructWrittenFieldByFieldMayBeReadWhole()
    {
        KernelSimulator.Run(new(1, 4), () =>
        {
            ArrayView<Pair> shared = SharedMemory.Allocate<Pair>(4);
            shared[Group.IdxX].Small = 2;
            shared[Group.IdxX].Large = 0.5;
            Pair copy = shared[Group.IdxX];
            output.View[Group.IdxX] = copy.Small + (float)copy.Large;
        });
        Assert.Equal([2.5f, 2.5f, 2.5f, 2.5f], output.Span[..4].ToArray());
    }

    [Fact]
    public void DefaultValueCountsAsWritten()
    {
        KernelSimulator.Run(new(1, 4), () =>
        {
            ArrayView<Pair> shared = SharedMemory.Allocate<Pair>(4);
            shared[Group.IdxX] = default;
            output.View[Group.IdxX] = 1 + (float)shared[Group.IdxX].Large;
        });
        Assert.Equal(1, output.Span[3]);
    }

    [Fact]
    public void ReadingWhatAnotherThreadWroteNeedsABarrier() => ExpectRace(64, () =>
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(64);
        shared[Group.IdxX] = Group.IdxX;
        output.View[Group.IdxX] = shared[XMathMin(Group.IdxX, 5)];
    });

    [Fact]
    public void OverwritingWhatAnotherThreadReadNeedsABarrier() => ExpectRace(64, () =>
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(64);
        shared[Group.IdxX] = Group.IdxX;
        Group.Barrier();
        int neighbour = shared[(Group.IdxX + 63) % 64];
        shared[Group.IdxX] = neighbour;
    });

    [Fact]
    public void TwoThreadsWritingDifferentValuesRace() => ExpectRace(2, () => SharedMemory.Allocate<int>(1)[0] = Group.IdxX);

    [Fact]
    public void TwoThreadsWritingTheSameValueDoNot()
    {
        KernelSimulator.Run(new(1, 64), () =>
        {
            ref int flag = ref SharedMemory.Allocate<int>();
            flag = 3;
            Group.Barrier();
            output.View[Group.IdxX] = flag;
        });
        Assert.Equal(3, output.Span[63]);
    }

    [Fact]
    public void BarrierOfTheWarpOrdersItsLanesOnly()
    {
        void Kernel(int bit)
        {
            ArrayView<int> shared = SharedMemory.Allocate<int>(64);
            shared[Group.IdxX] = Group.IdxX;
            Warp.Barrier();
            output.View[Group.IdxX] = shared[Group.IdxX & ~bit];
        }
        KernelSimulator.Run(new(1, 64), () => Kernel(16));
        Assert.Equal(47, output.Span[63]);
        ExpectRace(64, () => Kernel(32));
    }

    [Fact]
    public void ShuffleOrdersNoMemory() => ExpectRace(32, () =>
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(32);
        shared[Group.IdxX] = Group.IdxX;
        int other = Warp.ShuffleXor(Group.IdxX, 1);
        output.View[Group.IdxX] = shared[other];
    });

    [Fact]
    public void AtomicsDoNotRaceWithEachOtherButWithPlainReads()
    {
        void Kernel(bool barrier)
        {
            ref int sum = ref SharedMemory.Allocate<int>();
            if (Group.IsFirstThread)
                sum = 0;
            Group.Barrier();
            Atomic.Add(ref sum, Group.IdxX);
            if (barrier)
                Group.Barrier();
            output.View[Group.IdxX] = sum;
        }
        KernelSimulator.Run(new(1, 64), () => Kernel(true));
        Assert.Equal(64 * 63 / 2, output.Span[0]);
        ExpectRace(64, () => Kernel(false));
    }

    private static int XMathMin(int a, int b) => a < b ? a : b;
}
