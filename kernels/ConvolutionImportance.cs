using ILGPU;
using ILGPU.Algorithms;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Lacuna.Kernels;

/// <summary>
/// Importance of a convolution's weights from every sample's own gradient, of which none is ever stored:
/// <code>
/// G_n[o,c,i,j] = sum_p d[n,o,p] * x[n,c, p_y stride_y - padding_y + i dilation_y, p_x stride_x - padding_x + j dilation_x]    (zero outside the image)
/// omega[o,c,i,j] += scale * sum_n |G_n[o,c,i,j]|    or    scale * sum_n G_n[o,c,i,j]^2
/// </code>
/// x [N,C,H,W] the layer's input, d [N,O,H',W'] the gradient of each sample's score by the layer's output, omega [O,C/groups,h,w]; float32, row-major.
/// Sums over p and over n are taken in float32, with fused multiply-adds, in an order that the sizes fix.
/// <para>2 N H' W' numel(omega) operations on 4 N (C H W + O H' W') bytes: bound by arithmetic, not by memory.</para>
/// </summary>
public static unsafe class ConvolutionImportance
{
    // Where the processor has vectors of 512 bits, a tile of lanes is one of them and not two.
    private static readonly bool IsWide = Vector512.IsHardwareAccelerated && ChannelsLast.Tile == Vector512<float>.Count;

    // Outputs that the CPU path takes together: eight sums of vectors, as many as hide a fused multiply-add's latency.
    private static readonly int Together = IsWide ? 8 : 4;

    // Numbers of packed images at a time, half of a processor's second cache: each is read once for every tap and every four outputs.
    private const long Chunk = 1 << 17;

    /// <summary>The operation on the CPU; no array may overlap omega.</summary>
    /// <param name="channelsLast">Whether x is [N,H,W,C] and d [N,H',W',O] instead; the same bits come of it.</param>
    /// <exception cref="ArgumentException">The shape is none (<see cref="ConvolutionShape.Validate"/>) or the measure unknown.</exception>
    public static void Cpu(float* input, float* gradient, float* omega, ConvolutionShape shape, float scale, ImportanceMeasure measure, bool channelsLast = false)
    {
        shape.Validate();
        bool squared = LayerMeasure.IsSquared(measure);
        if (shape.Samples == 0)
            return;
        var layout = new ChannelsLast(shape, channelsLast);
        long chunk = Math.Clamp(Chunk / layout.Size, 1, shape.Samples);
        nuint bytes = checked((nuint)(chunk * layout.Size * sizeof(float)));
        var packed = (float*)NativeMemory.AlignedAlloc(bytes, 64);
        try
        {
            NativeMemory.Clear(packed, bytes);
            for (long first = 0; first < shape.Samples; first += chunk)
            {
                long samples = Math.Min(chunk, shape.Samples - first);
                float* images = input + first * shape.InputSize, gradients = gradient + first * shape.OutputSize;
                Blocks.Each(samples * shape.Groups, item =>
                    layout.Pack(images + item / shape.Groups * shape.InputSize, packed + item / shape.Groups * layout.Size, (int)(item % shape.Groups)));
                long laneTiles = layout.Pitch / ChannelsLast.Tile, outputTiles = Blocks.Count(shape.GroupOutputs, Together);
                Blocks.Each(shape.Groups * laneTiles * outputTiles * layout.Taps, item =>
                {
                    int tap = (int)(item % layout.Taps);
                    item /= layout.Taps;
                    int output = (int)(item % outputTiles) * Together;
                    item /= outputTiles;
                    AddTile(layout, shape, packed, gradients, omega, samples, (int)(item / laneTiles), output, (int)(item % laneTiles) * ChannelsLast.Tile, tap, scale, squared, channelsLast);
                });
            }
        }
        finally
        {
            NativeMemory.AlignedFree(packed);
        }
    }

    /// <inheritdoc cref="Cpu(float*, float*, float*, ConvolutionShape, float, ImportanceMeasure, bool)"/>
    /// <exception cref="ArgumentException">A length does not fit the shape, or an input overlaps omega.</exception>
    public static void Cpu(ReadOnlySpan<float> input, ReadOnlySpan<float> gradient, Span<float> omega, ConvolutionShape shape, float scale, ImportanceMeasure measure, bool channelsLast = false)
    {
        shape.Validate();
        Lengths.Require(input.Length, shape.Samples * shape.InputSize, nameof(input));
        Lengths.Require(gradient.Length, shape.Samples * shape.OutputSize, nameof(gradient));
        Lengths.Require(omega.Length, shape.Weights, nameof(omega));
        if (input.Overlaps(omega) || gradient.Overlaps(omega))
            throw new ArgumentException("The importance must not overlap an input.", nameof(omega));
        fixed (float* x = input, d = gradient, w = omega)
            Cpu(x, d, w, shape, scale, measure, channelsLast);
    }

    // Four or eight outputs, a tile of lanes, one tap, over the samples of a chunk. Beyond the last output the last one is taken again and not stored.
    private static void AddTile(in ChannelsLast layout, in ConvolutionShape shape, float* packed, float* gradients, float* omega, long samples,
        int group, int output, int lane, int tap, float scale, bool squared, bool channelsLast)
    {
        int outputs = Math.Min(Together, shape.GroupOutputs - output), lanes = Math.Min(ChannelsLast.Tile, layout.Lanes - lane);
        // From one output to the next, and from one position to the next, in the gradients.
        (long outputStep, long step) = channelsLast ? (1L, (long)shape.Outputs) : (shape.Positions, 1L);
        long firstOutput = (long)group * shape.GroupOutputs + output;
        float* sums = stackalloc float[Together * ChannelsLast.Tile];
        new Span<float>(sums, Together * ChannelsLast.Tile).Clear();
        float* places = packed + group * layout.GroupSize + layout.TapOffset(tap) + lane, d = gradients + firstOutput * outputStep;
        for (long n = 0; n < samples; n++, places += layout.Size, d += shape.OutputSize)
            if (IsWide)
                AddWideSample(layout, places, d, outputStep, step, outputs - 1, sums, squared);
            else
                AddSample(layout, places, d, outputStep, step, outputs - 1, sums, squared);
        for (int o = 0; o < outputs; o++)
            for (int k = 0; k < lanes; k++)
                omega[(firstOutput + o) * shape.Patch + (long)(lane + k) * layout.Taps + tap] += scale * sums[o * ChannelsLast.Tile + k];
    }

    // One sample's G for the tile, in registers; then its measure.
    private static void AddSample(in ChannelsLast layout, float* places, float* d0, long outputStep, long step, int last, float* sums, bool squared)
    {
        float* d1 = d0 + Math.Min(1, last) * outputStep, d2 = d0 + Math.Min(2, last) * outputStep, d3 = d0 + Math.Min(3, last) * outputStep;
        Vector<float> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
        int rows = layout.Rows, columns = layout.Columns;
        long columnStep = layout.ColumnStep, rowStep = layout.RowStep, i = 0;
        for (int y = 0; y < rows; y++, places += rowStep)
        {
            float* x = places;
            for (long end = i + columns * step; i < end; i += step)
            {
                Vector<float> a = Vector.Load(x), b = Vector.Load(x + Vector<float>.Count);
                var d = new Vector<float>(d0[i]);
                a0 = Vector.FusedMultiplyAdd(a, d, a0);
                b0 = Vector.FusedMultiplyAdd(b, d, b0);
                d = new(d1[i]);
                a1 = Vector.FusedMultiplyAdd(a, d, a1);
                b1 = Vector.FusedMultiplyAdd(b, d, b1);
                d = new(d2[i]);
                a2 = Vector.FusedMultiplyAdd(a, d, a2);
                b2 = Vector.FusedMultiplyAdd(b, d, b2);
                d = new(d3[i]);
                a3 = Vector.FusedMultiplyAdd(a, d, a3);
                b3 = Vector.FusedMultiplyAdd(b, d, b3);
                x += columnStep;
            }
        }
        Add(sums, a0, b0, squared);
        Add(sums + ChannelsLast.Tile, a1, b1, squared);
        Add(sums + 2 * ChannelsLast.Tile, a2, b2, squared);
        Add(sums + 3 * ChannelsLast.Tile, a3, b3, squared);
    }

    // The same sums in the same order, so the same bits, of eight outputs.
    private static void AddWideSample(in ChannelsLast layout, float* places, float* d, long outputStep, long step, int last, float* sums, bool squared)
    {
        float* d1 = d + Math.Min(1, last) * outputStep, d2 = d + Math.Min(2, last) * outputStep, d3 = d + Math.Min(3, last) * outputStep, d4 = d + Math.Min(4, last) * outputStep;
        float* d5 = d + Math.Min(5, last) * outputStep, d6 = d + Math.Min(6, last) * outputStep, d7 = d + Math.Min(7, last) * outputStep;
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        int rows = layout.Rows, columns = layout.Columns;
        long columnStep = layout.ColumnStep, rowStep = layout.RowStep, at = 0;
        for (int y = 0; y < rows; y++, places += rowStep)
        {
            float* x = places;
            for (long end = at + columns * step; at < end; at += step, x += columnStep)
            {
                Vector512<float> a = Vector512.Load(x);
                a0 = Vector512.FusedMultiplyAdd(a, Vector512.Create(d[at]), a0);
                a1 = Vector512.FusedMultiplyAdd(a, Vector512.Create(d1[at]), a1);
                a2 = Vector512.FusedMultiplyAdd(a, Vector512.Create(d2[at]), a2);
                a3 = Vector512.FusedMultiplyAdd(a, Vector512.Create(d3[at]), a3);
                a4 = Vector512.FusedMultiplyAdd(a, Vector512.Create(d4[at]), a4);
                a5 = Vector512.FusedMultiplyAdd(a, Vector512.Create(d5[at]), a5);
                a6 = Vector512.FusedMultiplyAdd(a, Vector512.Create(d6[at]), a6);
                a7 = Vector512.FusedMultiplyAdd(a, Vector512.Create(d7[at]), a7);
            }
        }
        int tile = ChannelsLast.Tile;
        Add(sums, a0, squared);
        Add(sums + tile, a1, squared);
        Add(sums + 2 * tile, a2, squared);
        Add(sums + 3 * tile, a3, squared);
        Add(sums + 4 * tile, a4, squared);
        Add(sums + 5 * tile, a5, squared);
        Add(sums + 6 * tile, a6, squared);
        Add(sums + 7 * tile, a7, squared);
    }

    private static void Add(float* sums, Vector512<float> a, bool squared) => (Vector512.Load(sums) + (squared ? a * a : Vector512.Abs(a))).Store(sums);

    private static void Add(float* sums, Vector<float> a, Vector<float> b, bool squared)
    {
        (Vector.Load(sums) + LayerMeasure.Of(a, squared)).Store(sums);
        (Vector.Load(sums + Vector<float>.Count) + LayerMeasure.Of(b, squared)).Store(sums + Vector<float>.Count);
    }

    // The GPU: a group of 64 threads holds G for 16 outputs and 64 patch elements, 4 x 4 a thread, and takes the positions 32 at a time through shared memory.
    private const int OutputTile = 16, PatchTile = 64, PositionTile = 32, GroupThreads = 64;

    // Float4s a position takes in shared memory: one more than it needs, so that eight threads storing 16 bytes each for eight positions meet all banks.
    private const int PatchPitch = PatchTile / 4 + 1, OutputPitch = OutputTile / 4 + 1;

    /// <summary>Groups that one slice of samples keeps busy.</summary>
    public static long Tiles(ConvolutionShape shape) => shape.Groups * Blocks.Count(shape.GroupOutputs, OutputTile) * Blocks.Count(shape.Patch, PatchTile);

    /// <summary>Slices of samples that the kernel should be launched with.</summary>
    public static int Slices(ConvolutionShape shape) => SampleSlices.Count(shape.Samples, Tiles(shape));

    /// <summary>
    /// The operation on the GPU up to the last sum: partial[s,o,c,i,j] for <paramref name="slices"/> slices of the samples, of which there must be at least one each.
    /// <see cref="SampleSlices.MergeKernel"/> with stride numel(omega) adds them to omega. Groups stride over tiles and slices.
    /// </summary>
    [DeviceKernel(GroupSize = GroupThreads, Exact = true)]
    public static void Kernel(ArrayView<float> input, ArrayView<float> gradient, ArrayView<float> partial, ArrayView<int> geometry,
        long samples, int slices, float scale, int squared)
    {
        ArrayView<Float4> patches = SharedMemory.Allocate<Float4>(PositionTile * PatchPitch), gradients = SharedMemory.Allocate<Float4>(PositionTile * OutputPitch);
        var shape = new ConvolutionGeometry(geometry);
        int positions = shape.Positions, groupOutputs = shape.GroupOutputs, groupChannels = shape.GroupChannels, patch = shape.Patch;
        long patchTiles = (patch + PatchTile - 1) / PatchTile, outputTiles = (groupOutputs + OutputTile - 1) / OutputTile, tiles = shape.Groups * patchTiles * outputTiles;
        long plane = (long)shape.Height * shape.Width;
        int lane = Group.IdxX % 32, warp = Group.IdxX / 32; // who loads: a lane a position, a warp one half of the tiles
        int outputQuad = Group.IdxX / 16, patchQuad = Group.IdxX % 16; // who multiplies
        for (long item = Grid.IdxX; item < tiles * slices; item += Grid.DimX)
        {
            long slice = item / tiles, tile = item % tiles;
            int group = (int)(tile / (patchTiles * outputTiles)), rest = (int)(tile % (patchTiles * outputTiles));
            int firstOutput = (int)(rest / patchTiles) * OutputTile, firstPatch = (int)(rest % patchTiles) * PatchTile;
            int ownPatch = firstPatch + warp * (PatchTile / 2), ownOutput = firstOutput + warp * (OutputTile / 2);
            Tap start = Tap.Of(ownPatch, shape.KernelHeight, shape.KernelWidth);
            Float4 sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            for (long n = SampleSlices.First(slice, samples, slices); n < SampleSlices.First(slice + 1, samples, slices); n++)
            {
                long image = (n * shape.Channels + group * groupChannels) * plane, outputs = (n * shape.Outputs + group * groupOutputs) * positions;
                Float4 g0 = default, g1 = default, g2 = default, g3 = default;
                for (int first = 0; first < positions; first += PositionTile)
                {
                    int p = first + lane;
                    int y = p < positions ? p / shape.OutputWidth * shape.StrideY - shape.PaddingY : -1 - shape.KernelHeight * shape.DilationY; // no tap reaches the image
                    int x = p % shape.OutputWidth * shape.StrideX - shape.PaddingX;
                    Tap tap = start;
                    for (int q = 0; q < PatchTile / 8; q++)
                    {
                        float v0 = At(input, image, plane, shape, groupChannels, tap, y, x);
                        tap = tap.Next(shape.KernelHeight, shape.KernelWidth);
                        float v1 = At(input, image, plane, shape, groupChannels, tap, y, x);
                        tap = tap.Next(shape.KernelHeight, shape.KernelWidth);
                        float v2 = At(input, image, plane, shape, groupChannels, tap, y, x);
                        tap = tap.Next(shape.KernelHeight, shape.KernelWidth);
                        float v3 = At(input, image, plane, shape, groupChannels, tap, y, x);
                        tap = tap.Next(shape.KernelHeight, shape.KernelWidth);
                        patches[lane * PatchPitch + warp * (PatchTile / 8) + q] = new(v0, v1, v2, v3);
                    }
                    for (int q = 0; q < OutputTile / 8; q++)
                    {
                        int o = ownOutput + 4 * q;
                        gradients[lane * OutputPitch + warp * (OutputTile / 8) + q] = new(
                            At(gradient, outputs, o, groupOutputs, p, positions), At(gradient, outputs, o + 1, groupOutputs, p, positions),
                            At(gradient, outputs, o + 2, groupOutputs, p, positions), At(gradient, outputs, o + 3, groupOutputs, p, positions));
                    }
                    Group.Barrier();
                    int count = positions - first < PositionTile ? positions - first : PositionTile;
                    for (int i = 0; i < count; i++)
                    {
                        Float4 d = gradients[i * OutputPitch + outputQuad], v = patches[i * PatchPitch + patchQuad];
                        g0 = Float4.Add(g0, d.X, v);
                        g1 = Float4.Add(g1, d.Y, v);
                        g2 = Float4.Add(g2, d.Z, v);
                        g3 = Float4.Add(g3, d.W, v);
                    }
                    Group.Barrier(); // nobody may load the next positions before all have used these
                }
                sum0 = LayerMeasure.Add(sum0, g0, squared);
                sum1 = LayerMeasure.Add(sum1, g1, squared);
                sum2 = LayerMeasure.Add(sum2, g2, squared);
                sum3 = LayerMeasure.Add(sum3, g3, squared);
            }
            int output = firstOutput + 4 * outputQuad, element = firstPatch + 4 * patchQuad;
            long row = (slice * shape.Outputs + group * groupOutputs + output) * patch;
            SampleSlices.Store(partial, row, element, patch, output < groupOutputs, scale, sum0);
            SampleSlices.Store(partial, row + patch, element, patch, output + 1 < groupOutputs, scale, sum1);
            SampleSlices.Store(partial, row + 2L * patch, element, patch, output + 2 < groupOutputs, scale, sum2);
            SampleSlices.Store(partial, row + 3L * patch, element, patch, output + 3 < groupOutputs, scale, sum3);
        }
    }

    /// <summary>A patch element's channel, row and column in the kernel; all threads of a warp look at the same one.</summary>
    private readonly struct Tap(int channel, int row, int column)
    {
        internal readonly int Channel = channel, Row = row, Column = column;

        internal static Tap Of(int element, int kernelHeight, int kernelWidth) =>
            new(element / (kernelHeight * kernelWidth), element / kernelWidth % kernelHeight, element % kernelWidth);

        internal Tap Next(int kernelHeight, int kernelWidth)
        {
            bool lastColumn = Column + 1 == kernelWidth, last = lastColumn && Row + 1 == kernelHeight;
            return new(last ? Channel + 1 : Channel, last ? 0 : lastColumn ? Row + 1 : Row, lastColumn ? 0 : Column + 1);
        }
    }

    private static float At(ArrayView<float> input, long image, long plane, ConvolutionGeometry shape, int groupChannels, Tap tap, int y, int x)
    {
        y += tap.Row * shape.DilationY;
        x += tap.Column * shape.DilationX;
        bool inside = tap.Channel < groupChannels && y >= 0 && y < shape.Height && x >= 0 && x < shape.Width;
        return inside ? input[image + tap.Channel * plane + (y * shape.Width + x)] : 0;
    }

    private static float At(ArrayView<float> gradient, long outputs, int output, int groupOutputs, int position, int positions) =>
        output < groupOutputs && position < positions ? gradient[outputs + (long)output * positions + position] : 0;
}
