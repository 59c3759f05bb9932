using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests.Core;

/// <summary>Counts the tensors and the memory of the whole process.</summary>
public sealed class MemoryTests : IDisposable
{
    private const int Warm = 2_000, Steps = 10_000;

    private readonly int threads = get_num_threads();

    // Networks this small only lose by handing work to other threads.
    public MemoryTests() => set_num_threads(1);

    public void Dispose() => set_num_threads(threads);

    [Fact]
    public void TenThousandTrainingStepsLeaveMemoryFlat()
    {
        manual_seed(3);
        using var images = randn(4, 1, 8, 8);
        using var classes = tensor(new long[] { 0, 1, 2, 0 });
        Tensor[] weights = [Weight(4, 1, 3, 3), Weight(4), Weight(3, 64), Weight(3)];
        double first = Step(images, classes, weights), last = first;

        for (int i = 0; i < Warm; i++)
            last = Step(images, classes, weights);
        Collect();
        long live = Tensor.TotalCount, resident = ResidentBytes();
        for (int i = Warm; i < Steps; i++)
        {
            last = Step(images, classes, weights);
            if (i % 500 == 0)
                GC.Collect(0, GCCollectionMode.Forced, blocking: false);
        }
        Collect();

        Assert.True(last < first / 10, $"the network learnt nothing: {first} to {last}");
        Assert.Equal(live, Tensor.TotalCount);
        // A page a step would be 32 MiB.
        Assert.InRange(ResidentBytes() - resident, long.MinValue, 16 << 20);
        foreach (var weight in weights)
            weight.Dispose();
    }

    [Fact]
    public void TensorsNobodyDisposesOfAreCollected()
    {
        Collect();
        long before = Tensor.TotalCount;
        using var x = ones(64, 64);
        for (int i = 0; i < 20_000; i++)
        {
            var y = (x + i).relu() * 2;
            if (i % 2_000 == 0)
                Assert.Equal(2f * (1 + i), y[0, 0].item<float>());
        }
        Collect();
        Assert.InRange(Tensor.TotalCount - before, 1, 1);
    }

    [PortableFact("the collector does not know how large tensors are")]
    public void LargeTensorsOutsideAnyScopeDoNotPileUp()
    {
        Collect();
        long before = ResidentBytes(), most = 0;
        for (int i = 0; i < 500; i++)
        {
            _ = ones(1 << 20);
            most = Math.Max(most, ResidentBytes() - before);
        }
        // All 500 of them would be 2000 MiB.
        Assert.InRange(most, long.MinValue, 1000L << 20);
    }

#if PORTABLE_TENSORS
    [Fact]
    public void BytesAreCountedUpToAnEighthTooMany()
    {
        Collect();
        long before = Lacuna.Portable.Libtorch.AllocatedBytes;
        foreach (long count in (long[])[1, 100, 1_000, 262_144, 1_000_003])
        {
            using var x = ones(count);
            Assert.InRange(Lacuna.Portable.Libtorch.AllocatedBytes - before, 4 * count, Math.Max(64, 4 * count * 9 / 8));
            x.fill_(2);
            using var sum = x.sum(type: int64);
            Assert.Equal(2 * count, sum.ToInt64());
        }
        Assert.Equal(before, Lacuna.Portable.Libtorch.AllocatedBytes);
    }
#endif

    private static Tensor Weight(params long[] shape)
    {
        using var start = randn(shape);
        return start.mul(0.3).detach().requires_grad_();
    }

    private static double Step(Tensor images, Tensor classes, Tensor[] weights)
    {
        using var scope = NewDisposeScope();
        var x = F.max_pool2d(F.relu(F.conv2d(images, weights[0], weights[1], padding: [1, 1])), 2).flatten(1);
        var loss = F.cross_entropy(F.linear(x, weights[2], weights[3]), classes);
        loss.backward();
        using (no_grad())
        {
            foreach (var weight in weights)
            {
                weight.sub_(weight.grad!.mul(0.05));
                weight.grad!.zero_();
            }
        }
        return loss.ToDouble();
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    private static long ResidentBytes()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
