using ILGPU;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests.Simulation;

/// <summary>Provokes every error that the simulator reports, and its nearest harmless neighbour.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly SimulatedArray<float> array = new(new float[100]);

    public void Dispose() => array.Dispose();

    private static KernelFaultException Fault(KernelConfig config, Action kernel) =>
        Assert.Throws<KernelFaultException>(() => KernelSimulator.Run(config, kernel));

    private static void WriteAtGlobalIndex(ArrayView<float> view)
    {
        int i = Grid.IdxX * Group.DimX + Group.IdxX;
        view[i] = i;
    }

    [Fact]
    public void IndexPastTheEndNamesKernelGroupThreadIndexAndLength()
    {
        KernelFaultException fault = Fault(new(4, 32), () => WriteAtGlobalIndex(array.View));
        Assert.Equal(KernelFault.OutOfRange, fault.Fault);
        Assert.Equal("FaultTests.WriteAtGlobalIndex", fault.Kernel);
        Assert.Equal(new Index3D(3, 0, 0), fault.Group);
        Assert.Equal(new Index3D(4, 0, 0), fault.Thread);
        Assert.Equal(100, fault.Index);
        Assert.Equal(100, fault.Length);
        Assert.Equal("FaultTests.WriteAtGlobalIndex, group (3, 0, 0), thread (4, 0, 0): index 100 is outside a view of 100 elements.", fault.Message);
    }

    [Fact]
    public void NegativeIndexIsOutOfRange()
    {
        KernelFaultException fault = Fault(new(1, 1), () => array.View[Group.IdxX - 1] = 0);
        Assert.Equal((KernelFault.OutOfRange, -1L), (fault.Fault, fault.Index));
    }

    [Theory]
    [InlineData(90, 11)]
    [InlineData(-1, 5)]
    [InlineData(5, -1)]
    public void SubViewMayNotLeaveItsParent(int index, int length) =>
        Assert.Equal(KernelFault.OutOfRange, Fault(new(1, 1), () => array.View.SubView(index, length)[0] = 1).Fault);

    [Fact]
    public void SubViewEndsWhereItWasToldTo() =>
        Assert.Equal((KernelFault.OutOfRange, 10L, 10L), Range(Fault(new(1, 1), () => array.View.SubView(20, 10)[10] = 1)));

    [Fact]
    public void CastCountsInTheNewType() =>
        Assert.Equal((KernelFault.OutOfRange, 50L, 50L), Range(Fault(new(1, 1), () => array.View.Cast<long>()[50] = 1)));

    private static (KernelFault, long?, long?) Range(KernelFaultException fault) => (fault.Fault, fault.Index, fault.Length);

    [Fact]
    public void IndexPastTheEndOfSharedMemoryIsOutOfRange() =>
        Assert.Equal((KernelFault.OutOfRange, 16L, 16L), Range(Fault(new(1, 32), () =>
        {
            ArrayView<int> shared = SharedMemory.Allocate<int>(16);
            shared[Group.IdxX] = 1;
        })));

    [Fact]
    public void WindowHasMemoryOnlyWhereItWasGivenSome()
    {
        const long length = 5_000_000_000, first = 4_999_999_990;
        using var window = SimulatedArray<float>.Window(length, first, new float[10]);
        KernelSimulator.Run(new(1, 1), () => window.View[first + 9] = 7);
        Assert.Equal(7, window.Span[9]);
        KernelFaultException fault = Fault(new(1, 1), () => window.View[first - 1] = 7);
        Assert.Equal((KernelFault.OutOfRange, first - 1, length), Range(fault));
        Assert.Equal(KernelFault.OutOfRange, Fault(new(1, 1), () => window.View[window.View.IntLength - 1] = 7).Fault);
    }

    [Fact]
    public void ViewOfFreedMemoryIsRefused()
    {
        var gone = new SimulatedArray<float>(4);
        ArrayView<float> view = gone.View;
        gone.Dispose();
        Assert.Equal(KernelFault.FreedMemory, Fault(new(1, 1), () => array.View[0] = view[0]).Fault);
        Assert.Throws<ObjectDisposedException>(() => gone.Span[0]);
    }

    [Fact]
    public void BarrierThatOneThreadNeverReachesIsDivergent()
    {
        KernelFaultException fault = Fault(new(1, 64), () =>
        {
            if (Group.IdxX == 40)
                return;
            Group.Barrier();
        });
        Assert.Equal(KernelFault.DivergentBarrier, fault.Fault);
        Assert.Contains("waits at Group.Barrier", fault.Message);
        Assert.Contains("thread (40, 0, 0) has left the kernel", fault.Message);
    }

    [Fact]
    public void BarriersAtTwoPlacesAreDivergent() =>
        Assert.Equal(KernelFault.DivergentBarrier, Fault(new(1, 64), () =>
        {
            if (Group.IdxX < 10)
                Group.Barrier();
            else
                Group.Barrier();
        }).Fault);

    [Fact]
    public void BarrierTakenOnceMoreByOneThreadIsDivergent() =>
        Assert.Equal(KernelFault.DivergentBarrier, Fault(new(1, 4), () =>
        {
            for (int i = 0; i < (Group.IdxX == 0 ? 3 : 2); i++)
                Group.Barrier();
        }).Fault);

    [Fact]
    public void ShuffleThatALaneHasLeftOutIsDivergent()
    {
        KernelFaultException fault = Fault(new(1, 64), () =>
        {
            int i = Group.IdxX;
            if (i < 50)
                array.View[i] = Warp.ShuffleDown(array.View[i], 1);
        });
        Assert.Equal(KernelFault.DivergentBarrier, fault.Fault);
        Assert.Equal(new Index3D(32, 0, 0), fault.Thread);
        Assert.Contains("Warp.ShuffleDown", fault.Message);
    }

    [Fact]
    public void ShuffleThatOneWholeWarpLeavesOutIsFine()
    {
        KernelSimulator.Run(new(1, 64), () =>
        {
            float value = Group.IdxX;
            if (Warp.WarpIdx == 1)
                array.View[Group.IdxX] = Warp.Shuffle(value, 0);
        });
        Assert.Equal((0f, 32f), (array.Span[31], array.Span[63]));
    }

    [Fact]
    public void ShuffleWaitingWhileTheOthersAreAtABarrierIsDivergent() =>
        Assert.Equal(KernelFault.DivergentBarrier, Fault(new(1, 32), () =>
        {
            if (Group.IdxX == 5)
                array.View[0] = Warp.Shuffle(1f, 0);
            else
                Group.Barrier();
        }).Fault);

    [Fact]
    public void ShuffleFromALaneThatTheGroupDoesNotHaveIsReported()
    {
        KernelFaultException fault = Fault(new(1, 20), () => array.View[Group.IdxX] = Warp.ShuffleDown(1f, 4));
        Assert.Equal(KernelFault.DivergentBarrier, fault.Fault);
        Assert.Contains("the group has only 20", fault.Message);
    }

    [Fact]
    public void DivisionByZeroNamesTheThread()
    {
        KernelFaultException fault = Fault(new(2, 8), () => array.View[0] = 10 / (Grid.IdxX * 8 + Group.IdxX - 11));
        Assert.Equal((KernelFault.Failed, new Index3D(1, 0, 0), new Index3D(3, 0, 0)), (fault.Fault, fault.Group, fault.Thread));
        Assert.IsType<DivideByZeroException>(fault.InnerException);
    }

    [Fact]
    public void MoreSharedMemoryThanADeviceHasIsRefused() =>
        Assert.Equal(KernelFault.Failed, Fault(new(1, 1), () => SharedMemory.Allocate<float>(12_289)[0] = 1).Fault);

    [Theory]
    [InlineData(1, 1, 1025, 1)]
    [InlineData(1, 1, 1, 65)]
    [InlineData(1, 1, 0, 1)]
    [InlineData(0, 1, 32, 1)]
    [InlineData(1, 65_536, 32, 1)]
    public void ShapeThatNoDeviceTakesIsRefusedBeforeTheLaunch(int gridX, int gridY, int groupX, int groupZ) =>
        Assert.Throws<ArgumentException>(() => KernelSimulator.Run(new(gridX, gridY, 1, groupX, 1, groupZ), () => WriteAtGlobalIndex(array.View)));

    [Fact]
    public void WideAccessToAnUnalignedViewIsAFault()
    {
        ArrayView<float> odd = array.View.SubView(1).Cast<float>();
        Assert.Equal(KernelFault.Misaligned, Fault(new(1, 1), () => odd.Cast<long>()[0] = 1).Fault);
    }

    [Fact]
    public unsafe void MemoryOfSomeoneElseIsReachedInItsBoundsAndNotFreed()
    {
        float* memory = stackalloc float[4];
        memory[2] = 5;
        using (var over = SimulatedArray<float>.Over(memory, 4))
        {
            ArrayView<float> view = over.View;
            KernelSimulator.Run(new(1, 1), () => view[3] = view[2] + 1);
            Assert.Equal(KernelFault.OutOfRange, Fault(new(1, 1), () => view[4] = 0).Fault);
        }
        Assert.Equal(6, memory[3]);
    }

    [Fact]
    public void KernelLanguageOutsideAKernelSaysSo() =>
        Assert.Contains("KernelSimulator.Run", Assert.Throws<InvalidOperationException>(() => Group.IdxX).Message);

    [Fact]
    public void SimulatorWorksOnAfterAFault()
    {
        Fault(new(1, 64), () =>
        {
            if (Group.IdxX != 3)
                Group.Barrier();
        });
        KernelSimulator.Run(new(1, 100), () => WriteAtGlobalIndex(array.View));
        Assert.Equal(99, array.Span[99]);
    }
}
