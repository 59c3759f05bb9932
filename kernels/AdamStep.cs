using ILGPU;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// A step of Adam or AdamW on many tensors at once, by <see cref="AdamRule"/>, in place.
/// Segments of seven fields: weight, gradient, mean, square, start, hold, mask. The moments begin as zeros. A field that the rule has no use for is
/// never read or written; its address may then be any of the segment's, such as the weight's.
/// <para>Moves 28 P bytes for P weights; a pull adds 8 P, a mask 4 P.</para>
/// </summary>
public static unsafe class AdamStep
{
    /// <summary>Fields of a segment: weight, gradient, mean, square, start, hold, mask.</summary>
    public const int Fields = 7;

    /// <summary>The step on the CPU. Returns the pull's value before it, if <see cref="StepOptions.PullValue"/> asks for that, and 0 otherwise.</summary>
    public static double Cpu(TensorSegments segments, AdamRule rule)
    {
        segments.RequireFields(Fields, nameof(segments));
        if (!AdamRule.Has(rule, StepOptions.PullValue))
        {
            segments.Run((segment, first, count) => Block(segments, rule, segment, first, count));
            return 0;
        }
        var sums = new double[segments.BlockCount];
        segments.Run((segment, first, count) => sums[segments.Block(segment, first)] = Block(segments, rule, segment, first, count));
        return WeightPull.Value(sums, rule.Lambda);
    }

    // The vector loop is AdamRule.Next; what the rule leaves out costs a branch that is always foreseen.
    private static double Block(TensorSegments segments, AdamRule rule, int segment, long first, long count)
    {
        float* weight = segments.Pointer(segment, 0) + first, gradient = segments.Pointer(segment, 1) + first;
        float* mean = segments.Pointer(segment, 2) + first, square = segments.Pointer(segment, 3) + first;
        float* start = segments.Pointer(segment, 4) + first, hold = segments.Pointer(segment, 5) + first, mask = segments.Pointer(segment, 6) + first;
        bool decoupled = AdamRule.Has(rule, StepOptions.DecoupledDecay), joined = !decoupled && rule.Decay != 0;
        bool pull = AdamRule.Has(rule, StepOptions.Pull), masked = AdamRule.Has(rule, StepOptions.Mask), value = pull && AdamRule.Has(rule, StepOptions.PullValue);
        Vector<float> rates = new(rule.Rate), beta1 = new(rule.Beta1), share1 = new(rule.Share1), beta2 = new(rule.Beta2), share2 = new(rule.Share2);
        Vector<float> roots = new(rule.SquareRoot), epsilons = new(rule.Epsilon), decays = new(rule.Decay), lambdas = new(rule.Lambda);
        Vector<double> low = default, high = default;
        long i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> before = Vector.Load(weight + i), w = before, g = Vector.Load(gradient + i), oldMean = Vector.Load(mean + i), oldSquare = Vector.Load(square + i);
            if (pull)
            {
                Vector<float> moved = w - Vector.Load(start + i), held = Vector.Load(hold + i) * moved;
                g += lambdas * held;
                if (value)
                    WeightPull.Add(held, moved, ref low, ref high);
            }
            if (decoupled)
                w *= decays;
            else if (joined)
                g += decays * w;
            Vector<float> m = beta1 * oldMean + share1 * g, v = beta2 * oldSquare + share2 * g * g;
            w -= rates * m / (Vector.SquareRoot(v) / roots + epsilons);
            if (masked)
            {
                Vector<int> stays = Vector.Equals(Vector.Load(mask + i), Vector<float>.Zero);
                w = Vector.ConditionalSelect(stays, before, w);
                m = Vector.ConditionalSelect(stays, oldMean, m);
                v = Vector.ConditionalSelect(stays, oldSquare, v);
            }
            w.Store(weight + i);
            m.Store(mean + i);
            v.Store(square + i);
        }
        double sum = Vector.Sum(low + high);
        for (; i < count; i++)
        {
            if (value)
                sum += (double)(hold[i] * (weight[i] - start[i])) * (weight[i] - start[i]);
            (weight[i], mean[i], square[i]) =
                AdamRule.Next(rule, weight[i], gradient[i], mean[i], square[i], pull ? start[i] : 0, pull ? hold[i] : 0, masked ? mask[i] : 1);
        }
        return sum;
    }

    /// <summary>
    /// The step on the GPU, over all segments; the numbers are those of <see cref="AdamRule"/>. <paramref name="partial"/> [chunks] gets the
    /// chunks' shares of the pull's value if <see cref="StepOptions.PullValue"/> asks for it, for <see cref="WeightPull.ValueKernel"/>.
    /// </summary>
    [DeviceKernel]
    public static void Kernel(ArrayView<float> memory, ArrayView<long> table, long segments, ArrayView<float> partial, int options,
        float rate, float beta1, float share1, float beta2, float share2, float squareRoot, float epsilon, float decay, float lambda)
    {
        var rule = new AdamRule(rate, beta1, share1, beta2, share2, squareRoot, epsilon, decay, lambda, options);
        bool pull = AdamRule.Has(rule, StepOptions.Pull), masked = AdamRule.Has(rule, StepOptions.Mask), value = pull && AdamRule.Has(rule, StepOptions.PullValue);
        ArrayView<Float4> quads = memory.Cast<Float4>();
        long chunks = SegmentTable.Chunks(table, segments, Fields);
        for (long chunk = Grid.IdxX; chunk < chunks; chunk += Grid.DimX)
        {
            long row = SegmentTable.Row(table, segments, Fields, chunk);
            long first = SegmentTable.First(table, row, chunk), count = SegmentTable.Length(table, row, first);
            long weightAt = SegmentTable.Offset(table, row, 0) + first, gradientAt = SegmentTable.Offset(table, row, 1) + first;
            long meanAt = SegmentTable.Offset(table, row, 2) + first, squareAt = SegmentTable.Offset(table, row, 3) + first;
            long startAt = SegmentTable.Offset(table, row, 4) + first, holdAt = SegmentTable.Offset(table, row, 5) + first;
            long maskAt = SegmentTable.Offset(table, row, 6) + first;
            long wide = SegmentTable.Quads(table, row, Fields, count);
            float sum = 0;
            for (long i = Group.IdxX; i < wide; i += Group.DimX)
            {
                Float4 p = quads[weightAt / 4 + i], g = quads[gradientAt / 4 + i], u = quads[meanAt / 4 + i], v = quads[squareAt / 4 + i];
                Float4 s = default, h = default, k = default;
                if (pull)
                {
                    s = quads[startAt / 4 + i];
                    h = quads[holdAt / 4 + i];
                }
                if (masked)
                    k = quads[maskAt / 4 + i];
                if (value)
                    sum += WeightPull.Term(p.X, s.X, h.X) + WeightPull.Term(p.Y, s.Y, h.Y) + WeightPull.Term(p.Z, s.Z, h.Z) + WeightPull.Term(p.W, s.W, h.W);
                (float px, float ux, float vx) = AdamRule.Next(rule, p.X, g.X, u.X, v.X, s.X, h.X, k.X);
                (float py, float uy, float vy) = AdamRule.Next(rule, p.Y, g.Y, u.Y, v.Y, s.Y, h.Y, k.Y);
                (float pz, float uz, float vz) = AdamRule.Next(rule, p.Z, g.Z, u.Z, v.Z, s.Z, h.Z, k.Z);
                (float pw, float uw, float vw) = AdamRule.Next(rule, p.W, g.W, u.W, v.W, s.W, h.W, k.W);
                quads[weightAt / 4 + i] = new(px, py, pz, pw);
                quads[meanAt / 4 + i] = new(ux, uy, uz, uw);
                quads[squareAt / 4 + i] = new(vx, vy, vz, vw);
            }
            for (long i = wide * 4 + Group.IdxX; i < count; i += Group.DimX)
            {
                float p = memory[weightAt + i], s = 0, h = 0, k = 0;
                if (pull)
                {
                    s = memory[startAt + i];
                    h = memory[holdAt + i];
                }
                if (masked)
                    k = memory[maskAt + i];
                if (value)
                    sum += WeightPull.Term(p, s, h);
                (float pNext, float uNext, float vNext) = AdamRule.Next(rule, p, memory[gradientAt + i], memory[meanAt + i], memory[squareAt + i], s, h, k);
                memory[weightAt + i] = pNext;
                memory[meanAt + i] = uNext;
                memory[squareAt + i] = vNext;
            }
            if (value)
                WeightPull.Store(partial, chunk, sum);
        }
    }
}
