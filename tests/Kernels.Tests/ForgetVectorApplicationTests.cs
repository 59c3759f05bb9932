using ILGPU;
using Lacuna.Kernels;
using Lacuna.Portable.Simulation;

namespace Kernels.Tests;

public sealed class ForgetVectorApplicationTests
{
    private const float None = float.PositiveInfinity;

    public static TheoryData<int, int, int, bool> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int, bool>();
            foreach (int elements in new[] { 0, 1, 7, 31, 32, 33, 255, 256, 257, 3073 })
                foreach (var (samples, vectors) in new[] { (0, 1), (1, 1), (3, 1), (1, 3), (5, 2), (2, 64) })
                    foreach (bool perSample in new[] { false, true })
                        shapes.Add(samples, elements, vectors, perSample);
            return shapes;
        }
    }

    /// <summary>Inputs for a shape, and the result of the formula in float64 with its rounding-error bound.</summary>
    private sealed class Case
    {
        internal readonly ForgetVectorShape Shape;
        internal readonly float[] X, Delta, Weights;
        internal readonly float Low, High;

        internal Case(int samples, int elements, int vectors, bool perSample, bool specials = false, float low = -None, float high = None)
        {
            Func<int, uint, float[]> draw = specials ? Samples.WithSpecials : Samples.Uniform;
            Shape = new(samples, elements, vectors, perSample);
            X = draw(samples * elements, 1);
            Delta = draw(vectors * elements, 2);
            Weights = Samples.Uniform((int)Shape.Weights, 3);
            (Low, High) = (low, high);
        }

        internal (double Value, double Bound) Exact(int n, int i)
        {
            double sum = X[n * Shape.Elements + i], magnitude = Math.Abs(sum);
            for (int k = 0; k < Shape.Vectors; k++)
            {
                double term = (double)Weights[n * Shape.WeightStride + k] * Delta[k * Shape.Elements + i];
                sum += term;
                magnitude += Math.Abs(term);
            }
            double clamped = sum < Low ? Low : sum > High ? High : sum;
            // K products, K sums: the classical bound, with room for the smallest denormal.
            return (clamped, (Shape.Vectors + 1) * Near.Rounding * magnitude * 1.01 + Shape.Vectors * float.Epsilon);
        }

        internal float[] Cpu()
        {
            var y = new float[X.Length];
            ForgetVectorApplication.Cpu(X, Delta, Weights, y, Shape, Low, High);
            return y;
        }

        /// <summary>The kernel on views that begin one element into their memory, whose ends must stay as they were.</summary>
        internal float[] Kernel()
        {
            using var x = new SimulatedArray<float>([9, .. X, 9]);
            using var delta = new SimulatedArray<float>([9, .. Delta]);
            using var weights = new SimulatedArray<float>([9, .. Weights]);
            using var y = new SimulatedArray<float>(X.Length + 2);
            ArrayView<float> vx = x.View.SubView(1, X.Length), vd = delta.View.SubView(1), vw = weights.View.SubView(1), vy = y.View.SubView(1, X.Length);
            var (samples, elements, vectors, perSample) = Shape;
            var config = new KernelConfig(new Index2D(2, 2), new Index2D(64, 1));
            if (perSample)
                KernelSimulator.Run(config, () => ForgetVectorApplication.SampleWeightsKernel(vx, vd, vw, vy, samples, elements, vectors, Low, High));
            else
                KernelSimulator.Run(config, () => ForgetVectorApplication.SharedWeightsKernel(vx, vd, vw, vy, samples, elements, vectors, Low, High));
            Assert.True(float.IsNaN(y.Span[0]) && float.IsNaN(y.Span[^1]));
            return y.Span[1..^1].ToArray();
        }
    }

    private static void AgreesWithFloat64(Case c)
    {
        float[] y = c.Cpu();
        for (int n = 0; n < c.Shape.Samples; n++)
            for (int i = 0; i < c.Shape.Elements; i++)
            {
                (double value, double bound) = c.Exact(n, i);
                Near.Equal(value, y[n * c.Shape.Elements + i], bound);
            }
        Assert.Equal(y, c.Kernel());
    }

    [Theory, MemberData(nameof(Shapes))]
    public void CpuAndKernelAgreeWithTheFormula(int samples, int elements, int vectors, bool perSample) =>
        AgreesWithFloat64(new(samples, elements, vectors, perSample));

    [Theory, MemberData(nameof(Shapes))]
    public void ClampKeepsResultsInRange(int samples, int elements, int vectors, bool perSample)
    {
        var c = new Case(samples, elements, vectors, perSample, low: 0, high: 1);
        AgreesWithFloat64(c);
        Assert.All(c.Cpu(), value => Assert.InRange(value, 0, 1));
    }

    /// <summary>Against the same operations in a plain loop: what is NaN, infinite or denormal there must be so here.</summary>
    [Theory]
    [InlineData(1, -None, None)]
    [InlineData(3, -None, None)]
    [InlineData(3, 0f, 1f)]
    public void SpecialValuesComeOutAsOfPlainArithmetic(int vectors, float low, float high)
    {
        foreach (bool perSample in new[] { false, true })
        {
            var c = new Case(4, 200, vectors, perSample, specials: true, low, high);
            var expected = new float[c.X.Length];
            for (int n = 0; n < 4; n++)
                for (int i = 0; i < 200; i++)
                {
                    long w = n * c.Shape.WeightStride;
                    float shift = c.Weights[w] * c.Delta[i];
                    for (int k = 1; k < vectors; k++)
                        shift += c.Weights[w + k] * c.Delta[k * 200 + i];
                    float value = c.X[n * 200 + i] + shift;
                    expected[n * 200 + i] = float.IsNaN(value) ? value : Math.Clamp(value, low, high);
                }
            Assert.Contains(expected, float.IsNaN);
            Assert.Contains(expected, float.IsFinite);
            Assert.Equal(expected, c.Cpu());
            Assert.Equal(expected, c.Kernel());
        }
    }

    [Fact]
    public void OneVectorOfWeightOneIsPlainAddition()
    {
        float[] x = Samples.WithSpecials(3 * 500, 4), delta = Samples.WithSpecials(500, 5), y = new float[1500];
        ForgetVectorApplication.Cpu(x, delta, [1], y, new(3, 500));
        Assert.Equal(x.Select((value, i) => value + delta[i % 500]), y);
    }

    [Theory]
    [InlineData(40, 3072)]
    [InlineData(2, 200_000)]
    public void ManyBlocksGiveWhatOneDoes(int samples, int elements)
    {
        var c = new Case(samples, elements, 2, perSample: true);
        float[] y = c.Cpu();
        for (int n = 0; n < samples; n++)
        {
            var row = new float[elements];
            for (int i = 0; i < elements; i++)
                row[i] = c.X[n * elements + i] + (c.Weights[2 * n] * c.Delta[i] + c.Weights[2 * n + 1] * c.Delta[elements + i]);
            Assert.Equal(row, y.AsSpan(n * elements, elements).ToArray());
        }
    }

    [Fact]
    public void ResultMayReplaceTheImages()
    {
        var c = new Case(5, 333, 3, perSample: false, low: 0, high: 1);
        float[] inPlace = [.. c.X];
        ForgetVectorApplication.Cpu(inPlace, c.Delta, c.Weights, inPlace, c.Shape, 0, 1);
        Assert.Equal(c.Cpu(), inPlace);

        using var x = new SimulatedArray<float>(c.X);
        using var delta = new SimulatedArray<float>(c.Delta);
        using var weights = new SimulatedArray<float>(c.Weights);
        KernelSimulator.Run(new(2, 64), () => ForgetVectorApplication.SharedWeightsKernel(x.View, delta.View, weights.View, x.View, 5, 333, 3, 0, 1));
        Assert.Equal(inPlace, x.Span.ToArray());
    }

    [Fact]
    public void WrongLengthsAndOverlapsAreRefused()
    {
        float[] memory = new float[100];
        ArgumentException Refused(Action call) => Assert.ThrowsAny<ArgumentException>(call);
        Assert.Equal("x", Refused(() => ForgetVectorApplication.Cpu(new float[9], new float[5], [1], new float[10], new(2, 5))).ParamName);
        Assert.Equal("y", Refused(() => ForgetVectorApplication.Cpu(new float[10], new float[5], [1], new float[11], new(2, 5))).ParamName);
        Assert.Equal("delta", Refused(() => ForgetVectorApplication.Cpu(new float[10], new float[5], [1, 1], new float[10], new(2, 5, 2))).ParamName);
        Assert.Equal("weights", Refused(() => ForgetVectorApplication.Cpu(new float[10], new float[10], [1, 1], new float[10], new(2, 5, 2, true))).ParamName);
        Assert.Equal("y", Refused(() => ForgetVectorApplication.Cpu(memory.AsSpan(0, 10), new float[5], [1], memory.AsSpan(1, 10), new(2, 5))).ParamName);
        Assert.Equal("y", Refused(() => ForgetVectorApplication.Cpu(new float[10], memory.AsSpan(5, 5), [1], memory.AsSpan(0, 10), new(2, 5))).ParamName);
        Assert.Equal("Vectors", Refused(() => ForgetVectorApplication.Cpu([], [], [], [], new(0, 5, 65))).ParamName);
        Assert.Equal("Vectors", Refused(() => ForgetVectorApplication.Cpu([], [], [], [], new(0, 5, 0))).ParamName);
    }

    /// <summary>50,000 images of 50,000 numbers: 2.5e9 elements, of which only the last row's end has memory.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void KernelReachesTheLastSampleBeyondTwoToThe31(bool perSample)
    {
        const int samples = 50_000, elements = 50_000, group = 256; // the last group along x covers 80 columns
        const long total = (long)samples * elements;
        float[] last = Samples.Uniform(80, 6), shift = Samples.Uniform(80, 7);
        using var x = SimulatedArray<float>.Window(total, total - 80, last);
        using var y = SimulatedArray<float>.Window(total, total - 80, new float[80]);
        using var delta = SimulatedArray<float>.Window(elements, elements - 80, shift);
        using var weights = SimulatedArray<float>.Window(perSample ? samples : 1, perSample ? samples - 1 : 0, [0.5f]);
        var config = new KernelConfig(new Index2D((elements + group - 1) / group, samples), new Index2D(group, 1));
        Index3D[] lastGroup = [new(config.GridDim.X - 1, samples - 1, 0)];
        if (perSample)
            KernelSimulator.Run(config, () => ForgetVectorApplication.SampleWeightsKernel(x.View, delta.View, weights.View, y.View, samples, elements, 1, -None, None), lastGroup);
        else
            KernelSimulator.Run(config, () => ForgetVectorApplication.SharedWeightsKernel(x.View, delta.View, weights.View, y.View, samples, elements, 1, -None, None), lastGroup);
        Assert.Equal(last.Select((value, i) => value + 0.5f * shift[i]), y.Span.ToArray());
    }

    [Fact]
    public void KernelReachesTheLastElementOfAnImageBeyondTwoToThe31()
    {
        const long elements = 3_000_000_000;
        const int groups = 11_718_750;
        float[] last = Samples.Uniform(256, 8), shift = Samples.Uniform(256, 9);
        using var x = SimulatedArray<float>.Window(elements, elements - 256, last);
        using var y = SimulatedArray<float>.Window(elements, elements - 256, new float[256]);
        using var delta = SimulatedArray<float>.Window(elements, elements - 256, shift);
        using var weights = new SimulatedArray<float>([1f]);
        KernelSimulator.Run(new(groups, 256), () => ForgetVectorApplication.SharedWeightsKernel(x.View, delta.View, weights.View, y.View, 1, elements, 1, -None, None),
            [new Index3D(groups - 1, 0, 0)]);
        Assert.Equal(last.Select((value, i) => value + shift[i]), y.Span.ToArray());
    }
}
