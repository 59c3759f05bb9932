using ILGPU;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// Importance of a linear layer's weights from every sample's own gradient, which is an outer product:
/// <code>
/// omega[o,i] += scale * sum_n |d[n,o] * x[n,i]|    or    scale * sum_n (d[n,o] * x[n,i])^2
/// bias[o]    += scale * sum_n |d[n,o]|             or    scale * sum_n d[n,o]^2
/// </code>
/// x [N,I] the layer's input, d [N,O] the gradient of each sample's score by the layer's output, omega [O,I]; float32, row-major, summed in float32.
/// The square is taken of the product, not of its factors: those could leave float32's range.
/// <para>Moves 4 N (I + O) + 8 O I bytes for 3 N O I operations.</para>
/// </summary>
public static unsafe class LinearImportance
{
    // Outputs that the CPU path takes together, and the block of omega that a processor takes while a block of x stays in its first cache.
    private const int Together = 4, BlockOutputs = 64, BlockInputs = 64;

    /// <summary>The weights' importance on the CPU; no array may overlap omega.</summary>
    public static void Cpu(float* input, float* gradient, float* omega, long samples, long inputs, long outputs, float scale, ImportanceMeasure measure)
    {
        Validate(samples, inputs, outputs);
        bool squared = LayerMeasure.IsSquared(measure);
        if (samples == 0 || inputs == 0)
            return;
        long across = Blocks.Count(inputs, BlockInputs);
        Blocks.Each(across * Blocks.Count(outputs, BlockOutputs), block =>
        {
            long firstOutput = block / across * BlockOutputs, firstInput = block % across * BlockInputs;
            long lastOutput = Math.Min(outputs, firstOutput + BlockOutputs), lastInput = Math.Min(inputs, firstInput + BlockInputs);
            for (long o = firstOutput; o < lastOutput; o += Together)
            {
                long i = firstInput;
                if (lastOutput - o >= Together)
                    for (; i <= lastInput - 2 * Vector<float>.Count; i += 2 * Vector<float>.Count)
                        AddTile(input + i, inputs, gradient + o, outputs, omega + o * inputs + i, samples, scale, squared);
                AddRest(input, inputs, gradient, outputs, omega, samples, (o, Math.Min(lastOutput, o + Together)), (i, lastInput), scale, squared);
            }
        });
    }

    /// <summary>The bias' importance on the CPU; the arrays must not overlap.</summary>
    public static void BiasCpu(float* gradient, float* omega, long samples, long outputs, float scale, ImportanceMeasure measure)
    {
        Validate(samples, 0, outputs);
        bool squared = LayerMeasure.IsSquared(measure);
        Blocks.RunItems(outputs, samples, (first, count) =>
        {
            for (long o = first; o < first + count; o++)
            {
                float sum = 0;
                for (long n = 0; n < samples; n++)
                    sum += LayerMeasure.Of(gradient[n * outputs + o], squared);
                omega[o] += scale * sum;
            }
        });
    }

    // Four outputs and two vectors of inputs.
    private static void AddTile(float* x, long inputs, float* d, long outputs, float* omega, long samples, float scale, bool squared)
    {
        Vector<float> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
        for (long n = 0; n < samples; n++, x += inputs, d += outputs)
        {
            Vector<float> a = Vector.Load(x), b = Vector.Load(x + Vector<float>.Count);
            Vector<float> d0 = new(d[0]), d1 = new(d[1]), d2 = new(d[2]), d3 = new(d[3]);
            a0 += LayerMeasure.Of(a * d0, squared);
            b0 += LayerMeasure.Of(b * d0, squared);
            a1 += LayerMeasure.Of(a * d1, squared);
            b1 += LayerMeasure.Of(b * d1, squared);
            a2 += LayerMeasure.Of(a * d2, squared);
            b2 += LayerMeasure.Of(b * d2, squared);
            a3 += LayerMeasure.Of(a * d3, squared);
            b3 += LayerMeasure.Of(b * d3, squared);
        }
        Add(omega, a0, b0, scale);
        Add(omega + inputs, a1, b1, scale);
        Add(omega + 2 * inputs, a2, b2, scale);
        Add(omega + 3 * inputs, a3, b3, scale);
    }

    private static void Add(float* omega, Vector<float> a, Vector<float> b, float scale)
    {
        var scales = new Vector<float>(scale);
        (Vector.Load(omega) + scales * a).Store(omega);
        (Vector.Load(omega + Vector<float>.Count) + scales * b).Store(omega + Vector<float>.Count);
    }

    private static void AddRest(float* x, long inputs, float* d, long outputs, float* omega, long samples, (long From, long To) o, (long From, long To) i, float scale, bool squared)
    {
        for (long row = o.From; row < o.To; row++)
            for (long column = i.From; column < i.To; column++)
            {
                float sum = 0;
                for (long n = 0; n < samples; n++)
                    sum += LayerMeasure.Of(x[n * inputs + column] * d[n * outputs + row], squared);
                omega[row * inputs + column] += scale * sum;
            }
    }

    private static void Validate(long samples, long inputs, long outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfNegative(inputs);
        ArgumentOutOfRangeException.ThrowIfNegative(outputs);
    }

    // The GPU: a group of 64 threads holds 16 outputs and 64 inputs of omega, 4 x 4 a thread, and takes the samples 32 at a time through shared memory.
    private const int OutputTile = 16, InputTile = 64, SampleTile = 32, GroupThreads = 64;

    /// <summary>Slices of samples that the kernel should be launched with.</summary>
    public static int Slices(long samples, long inputs, long outputs) => SampleSlices.Count(samples, Tiles(inputs, outputs), SampleTile);

    /// <summary>Groups that one slice of samples keeps busy.</summary>
    public static long Tiles(long inputs, long outputs) => Blocks.Count(inputs, InputTile) * Blocks.Count(outputs, OutputTile);

    /// <summary>
    /// The weights' importance on the GPU up to the last sum: partial[s,o,i] for <paramref name="slices"/> slices of the samples.
    /// <see cref="SampleSlices.MergeKernel"/> with stride O I adds them to omega. Groups stride over tiles and slices.
    /// </summary>
    [DeviceKernel(GroupSize = GroupThreads, Exact = true)]
    public static void Kernel(ArrayView<float> input, ArrayView<float> gradient, ArrayView<float> partial, long samples, long inputs, long outputs, int slices, float scale, int squared)
    {
        ArrayView<float> inputTile = SharedMemory.Allocate<float>(SampleTile * InputTile), gradientTile = SharedMemory.Allocate<float>(SampleTile * OutputTile);
        ArrayView<Float4> x = inputTile.Cast<Float4>(), d = gradientTile.Cast<Float4>();
        long inputTiles = (inputs + InputTile - 1) / InputTile, tiles = inputTiles * ((outputs + OutputTile - 1) / OutputTile);
        int outputQuad = Group.IdxX / 16, inputQuad = Group.IdxX % 16;
        for (long item = Grid.IdxX; item < tiles * slices; item += Grid.DimX)
        {
            long slice = item / tiles, firstOutput = item % tiles / inputTiles * OutputTile, firstInput = item % tiles % inputTiles * InputTile;
            long last = SampleSlices.First(slice + 1, samples, slices);
            Float4 sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            for (long first = SampleSlices.First(slice, samples, slices); first < last; first += SampleTile)
            {
                int count = last - first < SampleTile ? (int)(last - first) : SampleTile;
                long column = firstInput + Group.IdxX;
                for (int n = 0; n < count; n++)
                    inputTile[n * InputTile + Group.IdxX] = column < inputs ? input[(first + n) * inputs + column] : 0;
                for (int i = Group.IdxX; i < count * OutputTile; i += GroupThreads)
                {
                    long row = firstOutput + i % OutputTile;
                    gradientTile[i] = row < outputs ? gradient[(first + i / OutputTile) * outputs + row] : 0;
                }
                Group.Barrier();
                for (int n = 0; n < count; n++)
                {
                    Float4 a = d[n * (OutputTile / 4) + outputQuad], b = x[n * (InputTile / 4) + inputQuad];
                    sum0 = LayerMeasure.Add(sum0, Float4.Add(default, a.X, b), squared);
                    sum1 = LayerMeasure.Add(sum1, Float4.Add(default, a.Y, b), squared);
                    sum2 = LayerMeasure.Add(sum2, Float4.Add(default, a.Z, b), squared);
                    sum3 = LayerMeasure.Add(sum3, Float4.Add(default, a.W, b), squared);
                }
                Group.Barrier(); // nobody may load the next samples before all have used these
            }
            long output = firstOutput + 4 * outputQuad, own = firstInput + 4 * inputQuad, place = (slice * outputs + output) * inputs;
            SampleSlices.Store(partial, place, own, inputs, output < outputs, scale, sum0);
            SampleSlices.Store(partial, place + inputs, own, inputs, output + 1 < outputs, scale, sum1);
            SampleSlices.Store(partial, place + 2 * inputs, own, inputs, output + 2 < outputs, scale, sum2);
            SampleSlices.Store(partial, place + 3 * inputs, own, inputs, output + 3 < outputs, scale, sum3);
        }
    }

    /// <summary>The bias' importance on the GPU; threads along x share the outputs.</summary>
    [DeviceKernel]
    public static void BiasKernel(ArrayView<float> gradient, ArrayView<float> omega, long samples, float scale, int squared)
    {
        for (long o = GridStride.First(); o < omega.Length; o += GridStride.Step())
        {
            float sum = 0;
            for (long n = 0; n < samples; n++)
                sum += LayerMeasure.Of(gradient[n * omega.Length + o], squared);
            omega[o] += scale * sum;
        }
    }
}
