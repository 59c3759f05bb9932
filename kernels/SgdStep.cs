using ILGPU;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// A step of stochastic gradient descent on many tensors at once, by <see cref="SgdRule"/>, in place.
/// Segments of six fields: weight, gradient, momentum, start, hold, mask. A field that the rule has no use for is never read or written;
/// its address may then be any of the segment's, such as the weight's.
/// <para>Moves 12 P bytes for P weights; with momentum 20 P; a pull adds 8 P, a mask 4 P.</para>
/// </summary>
public static unsafe class SgdStep
{
    /// <summary>Fields of a segment: weight, gradient, momentum, start, hold, mask.</summary>
    public const int Fields = 6;

    /// <summary>The step on the CPU. Returns the pull's value before it, if <see cref="StepOptions.PullValue"/> asks for that, and 0 otherwise.</summary>
    public static double Cpu(TensorSegments segments, SgdRule rule)
    {
        segments.RequireFields(Fields, nameof(segments));
        if (!SgdRule.Has(rule, StepOptions.PullValue))
        {
            segments.Run((segment, first, count) => Block(segments, rule, segment, first, count));
            return 0;
        }
        var sums = new double[segments.BlockCount];
        segments.Run((segment, first, count) => sums[segments.Block(segment, first)] = Block(segments, rule, segment, first, count));
        return WeightPull.Value(sums, rule.Lambda);
    }

    // The vector loop is SgdRule.Next; what the rule leaves out costs a branch that is always foreseen.
    private static double Block(TensorSegments segments, SgdRule rule, int segment, long first, long count)
    {
        float* weight = segments.Pointer(segment, 0) + first, gradient = segments.Pointer(segment, 1) + first, velocity = segments.Pointer(segment, 2) + first;
        float* start = segments.Pointer(segment, 3) + first, hold = segments.Pointer(segment, 4) + first, mask = segments.Pointer(segment, 5) + first;
        bool momentum = rule.Momentum != 0, firstStep = SgdRule.Has(rule, StepOptions.FirstStep), nesterov = SgdRule.Has(rule, StepOptions.Nesterov);
        bool decay = rule.WeightDecay != 0, pull = SgdRule.Has(rule, StepOptions.Pull), masked = SgdRule.Has(rule, StepOptions.Mask), value = pull && SgdRule.Has(rule, StepOptions.PullValue);
        Vector<float> rates = new(rule.LearningRate), momenta = new(rule.Momentum), shares = new(rule.Share), decays = new(rule.WeightDecay), lambdas = new(rule.Lambda);
        Vector<double> low = default, high = default;
        long i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> w = Vector.Load(weight + i), d = Vector.Load(gradient + i);
            Vector<int> stays = masked ? Vector.Equals(Vector.Load(mask + i), Vector<float>.Zero) : default;
            if (pull)
            {
                Vector<float> moved = w - Vector.Load(start + i), held = Vector.Load(hold + i) * moved;
                d += lambdas * held;
                if (value)
                    WeightPull.Add(held, moved, ref low, ref high);
            }
            if (decay)
                d += decays * w;
            if (momentum)
            {
                Vector<float> v = firstStep ? d : momenta * Vector.Load(velocity + i) + shares * d;
                d = nesterov ? d + momenta * v : v;
                (masked ? Vector.ConditionalSelect(stays, Vector.Load(velocity + i), v) : v).Store(velocity + i);
            }
            Vector<float> next = w - rates * d;
            (masked ? Vector.ConditionalSelect(stays, w, next) : next).Store(weight + i);
        }
        double sum = Vector.Sum(low + high);
        for (; i < count; i++)
        {
            if (value)
                sum += (double)(hold[i] * (weight[i] - start[i])) * (weight[i] - start[i]);
            (float w, float v) = SgdRule.Next(rule, weight[i], gradient[i], momentum ? velocity[i] : 0, pull ? start[i] : 0, pull ? hold[i] : 0, masked ? mask[i] : 1);
            weight[i] = w;
            if (momentum)
                velocity[i] = v;
        }
        return sum;
    }

    /// <summary>
    /// The step on the GPU, over all segments; the numbers are those of <see cref="SgdRule"/>. <paramref name="partial"/> [chunks] gets the
    /// chunks' shares of the pull's value if <see cref="StepOptions.PullValue"/> asks for it, for <see cref="WeightPull.ValueKernel"/>.
    /// </summary>
    [DeviceKernel]
    public static void Kernel(ArrayView<float> memory, ArrayView<long> table, long segments, ArrayView<float> partial, int options,
        float learningRate, float momentum, float share, float weightDecay, float lambda)
    {
        var rule = new SgdRule(learningRate, momentum, share, weightDecay, lambda, options);
        bool pull = SgdRule.Has(rule, StepOptions.Pull), masked = SgdRule.Has(rule, StepOptions.Mask), value = pull && SgdRule.Has(rule, StepOptions.PullValue);
        bool writesVelocity = momentum != 0, readsVelocity = writesVelocity && (masked || !SgdRule.Has(rule, StepOptions.FirstStep));
        ArrayView<Float4> quads = memory.Cast<Float4>();
        long chunks = SegmentTable.Chunks(table, segments, Fields);
        for (long chunk = Grid.IdxX; chunk < chunks; chunk += Grid.DimX)
        {
            long row = SegmentTable.Row(table, segments, Fields, chunk);
            long first = SegmentTable.First(table, row, chunk), count = SegmentTable.Length(table, row, first);
            long weightAt = SegmentTable.Offset(table, row, 0) + first, gradientAt = SegmentTable.Offset(table, row, 1) + first;
            long velocityAt = SegmentTable.Offset(table, row, 2) + first, startAt = SegmentTable.Offset(table, row, 3) + first;
            long holdAt = SegmentTable.Offset(table, row, 4) + first, maskAt = SegmentTable.Offset(table, row, 5) + first;
            long wide = SegmentTable.Quads(table, row, Fields, count);
            float sum = 0;
            for (long i = Group.IdxX; i < wide; i += Group.DimX)
            {
                Float4 p = quads[weightAt / 4 + i], g = quads[gradientAt / 4 + i];
                Float4 v = default, s = default, h = default, m = default;
                if (readsVelocity)
                    v = quads[velocityAt / 4 + i];
                if (pull)
                {
                    s = quads[startAt / 4 + i];
                    h = quads[holdAt / 4 + i];
                }
                if (masked)
                    m = quads[maskAt / 4 + i];
                if (value)
                    sum += WeightPull.Term(p.X, s.X, h.X) + WeightPull.Term(p.Y, s.Y, h.Y) + WeightPull.Term(p.Z, s.Z, h.Z) + WeightPull.Term(p.W, s.W, h.W);
                (float px, float vx) = SgdRule.Next(rule, p.X, g.X, v.X, s.X, h.X, m.X);
                (float py, float vy) = SgdRule.Next(rule, p.Y, g.Y, v.Y, s.Y, h.Y, m.Y);
                (float pz, float vz) = SgdRule.Next(rule, p.Z, g.Z, v.Z, s.Z, h.Z, m.Z);
                (float pw, float vw) = SgdRule.Next(rule, p.W, g.W, v.W, s.W, h.W, m.W);
                quads[weightAt / 4 + i] = new(px, py, pz, pw);
                if (writesVelocity)
                    quads[velocityAt / 4 + i] = new(vx, vy, vz, vw);
            }
            for (long i = wide * 4 + Group.IdxX; i < count; i += Group.DimX)
            {
                float p = memory[weightAt + i], v = 0, s = 0, h = 0, m = 0;
                if (readsVelocity)
                    v = memory[velocityAt + i];
                if (pull)
                {
                    s = memory[startAt + i];
                    h = memory[holdAt + i];
                }
                if (masked)
                    m = memory[maskAt + i];
                if (value)
                    sum += WeightPull.Term(p, s, h);
                (float pNext, float vNext) = SgdRule.Next(rule, p, memory[gradientAt + i], v, s, h, m);
                memory[weightAt + i] = pNext;
                if (writesVelocity)
                    memory[velocityAt + i] = vNext;
            }
            if (value)
                WeightPull.Store(partial, chunk, sum);
        }
    }
}
