using ILGPU;
using ILGPU.Algorithms;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// Losses on logits with their gradients, each row in its role (<see cref="LogitRole"/>):
/// <code>
/// cross-entropy  value[n] = w[n] * (log sum_k exp z[n,k] - z[n,y])        gradient[n,k] = w[n] * (softmax(z[n])_k - [k = y])
/// margin hinge   value[n] = w[n] * max(m, -tau), m = z[n,y] - z[n,j]      gradient[n,k] = w[n] * ([k = y] - [k = j]) where m >= -tau, else 0
/// ignore         value[n] = 0                                             gradient[n,k] = 0
/// </code>
/// with j the first of the largest logits other than the label's. z, gradient [N,K] float32, K at least 1; labels y [N] int64; roles [N];
/// w, value [N] float32. NaN, infinity and ties as PyTorch's cross_entropy and max over a row filled with -inf at the label treat them: K = 1
/// has the margin infinity; a margin that is NaN has the gradient 0.
/// <para>The gradient is w * (exp(log_softmax_k) - [k = y]) in float32, as PyTorch computes it; exponentials are within 2 units in the last place on the CPU, and
/// the device's fast ones on the GPU.</para>
/// <para>Moves 8 N K bytes and 17 N.</para>
/// </summary>
public static unsafe class LogitLosses
{
    /// <summary>The operation on the CPU. The gradient may be the logits themselves; nothing else may overlap a result.</summary>
    /// <exception cref="ArgumentException">A role is none; or a label of a row that is not ignored is not in 0, …, K - 1. The results are then void.</exception>
    public static void Cpu(float* logits, long* labels, LogitRole* roles, float* weights, float* values, float* gradient, long samples, int classes, float tau)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        int faults = 0;
        LogitTile.Run(logits, samples, classes, (row, rows, tile) =>
        {
            if (!Tile(tile, labels + row, roles + row, weights + row, values + row, rows, classes, tau))
                Interlocked.Increment(ref faults);
            LogitTile.Store(tile, gradient + row * classes, rows, classes);
        });
        for (long n = 0; faults > 0 && n < samples; n++)
            if (roles[n] > LogitRole.MarginHinge)
                throw new ArgumentException($"Row {n} has the role {(byte)roles[n]}, which is none.", nameof(roles));
            else if (roles[n] != LogitRole.Ignore && (ulong)labels[n] >= (ulong)classes)
                throw new ArgumentException($"Row {n} has the label {labels[n]}, but there are {classes} classes.", nameof(labels));
    }

    /// <inheritdoc cref="Cpu(float*, long*, LogitRole*, float*, float*, float*, long, int, float)"/>
    public static void Cpu(ReadOnlySpan<float> logits, ReadOnlySpan<long> labels, ReadOnlySpan<LogitRole> roles, ReadOnlySpan<float> weights,
        Span<float> values, Span<float> gradient, int classes, float tau)
    {
        Lengths.Require(logits.Length, (long)labels.Length * classes, nameof(logits));
        Lengths.Require(gradient.Length, (long)labels.Length * classes, nameof(gradient));
        Lengths.Require(roles.Length, labels.Length, nameof(roles));
        Lengths.Require(weights.Length, labels.Length, nameof(weights));
        Lengths.Require(values.Length, labels.Length, nameof(values));
        fixed (float* z = logits, w = weights, v = values, g = gradient)
        fixed (long* y = labels)
        fixed (LogitRole* r = roles)
            Cpu(z, y, r, w, v, g, labels.Length, classes, tau);
    }

    // Replaces a tile's logits by their gradients. False where a role or label is wrong.
    private static bool Tile(float* tile, long* labels, LogitRole* roles, float* weights, float* values, int rows, int classes, float tau)
    {
        int lanes = Vector<float>.Count;
        int* label = stackalloc int[lanes], role = stackalloc int[lanes];
        float* weight = stackalloc float[lanes], value = stackalloc float[lanes];
        bool right = true;
        for (int lane = 0; lane < lanes; lane++)
        {
            LogitRole own = lane < rows ? roles[lane] : LogitRole.Ignore;
            right &= own == LogitRole.Ignore || own <= LogitRole.MarginHinge && (ulong)labels[lane] < (ulong)classes;
            role[lane] = (int)own;
            label[lane] = own == LogitRole.Ignore ? -1 : (int)labels[lane];
            weight[lane] = lane < rows ? weights[lane] : 0;
        }
        Vector<int> y = Vector.Load(label), isCross = Vector.Equals(Vector.Load(role), new((int)LogitRole.CrossEntropy));
        Vector<int> isHinge = Vector.Equals(Vector.Load(role), new((int)LogitRole.MarginHinge));
        Vector<float> zero = Vector<float>.Zero, w = Vector.Load(weight), logSum = zero;
        Rivals(tile, classes, y, out Vector<float> z, out Vector<float> rival, out Vector<int> rivalIndex);
        Vector<float> largest = Vector.ConditionalSelect(Vector.LessThanOrEqual(z, rival), rival, z);
        if (isCross != Vector<int>.Zero)
            logSum = LogSumExp(tile, classes, largest);
        Vector<float> crossEntropy = logSum - (z - largest);
        Vector<float> margin = z - rival, least = new(-tau);
        Vector<float> hinge = Vector.ConditionalSelect(Vector.LessThan(margin, least), least, margin);
        Vector<int> slopes = isHinge & Vector.GreaterThanOrEqual(margin, least);
        Vector<float> loss = w * Vector.ConditionalSelect(isCross, crossEntropy, hinge);
        Vector.ConditionalSelect(isCross | isHinge, loss, zero).Store(value);
        for (int lane = 0; lane < rows; lane++)
            values[lane] = value[lane];
        // A row's gradient: its softmax times the weight, and something more at the label and at its rival.
        Vector<float> atLabel = Vector.ConditionalSelect(isCross, -w, Vector.ConditionalSelect(slopes, w, zero)), atRival = Vector.ConditionalSelect(slopes, -w, zero);
        Gradients(tile, classes, isCross, largest, logSum, w, y, atLabel, rivalIndex, atRival);
        return right;
    }

    private static void Rivals(float* tile, int classes, Vector<int> y, out Vector<float> own, out Vector<float> rival, out Vector<int> rivalIndex)
    {
        int lanes = Vector<float>.Count;
        var none = new Vector<float>(float.NegativeInfinity);
        Vector<int> index = default, isOwn = Vector.Equals(index, y), best = default;
        Vector<float> value = Vector.Load(tile), label = value, largest = Vector.ConditionalSelect(isOwn, none, value);
        for (int k = 1; k < classes; k++)
        {
            index += Vector<int>.One;
            value = Vector.Load(tile + (nint)k * lanes);
            isOwn = Vector.Equals(index, y);
            label = Vector.ConditionalSelect(isOwn, value, label);
            value = Vector.ConditionalSelect(isOwn, none, value);
            Vector<int> larger = LogitTile.IsLarger(value, largest);
            largest = Vector.ConditionalSelect(larger, value, largest);
            best = Vector.ConditionalSelect(larger, index, best);
        }
        (own, rival, rivalIndex) = (label, largest, best);
    }

    // Relative to the largest. Eight sums in turns, folded to one, in float32: as PyTorch's log_softmax has it on processors with vectors of eight. A saturated
    // row's gradient at the label consists of nothing but this sum's last bits, and attacks should go where PyTorch's go.
    private static Vector<float> LogSumExp(float* tile, int classes, Vector<float> largest)
    {
        const int most = 8;
        int lanes = Vector<float>.Count, ways = classes < most ? 1 : most;
        float* sums = stackalloc float[most * lanes];
        new Span<float>(sums, most * lanes).Clear();
        for (int k = 0; k < classes; k += ways)
        {
            float* from = tile + (nint)k * lanes;
            int count = Math.Min(ways, classes - k) * lanes;
            for (int i = 0; i < count; i += lanes)
                (Vector.Load(sums + i) + VectorMath.ExpOfNegative(Vector.Load(from + i) - largest)).Store(sums + i);
        }
        for (int distance = ways / 2; distance > 0; distance /= 2)
            for (int way = 0; way < distance; way++)
                (Vector.Load(sums + way * lanes) + Vector.Load(sums + (way + distance) * lanes)).Store(sums + way * lanes);
        Vector<float> sum = Vector.Load(sums);
        Vector.Widen(sum, out Vector<double> low, out Vector<double> high);
        return Vector.Narrow(Vector.Log(low), Vector.Log(high));
    }

    private static void Gradients(float* tile, int classes, Vector<int> isCross, Vector<float> largest, Vector<float> logSum, Vector<float> weight, Vector<int> y,
        Vector<float> atLabel, Vector<int> rivalIndex, Vector<float> atRival)
    {
        int lanes = Vector<float>.Count;
        bool anyCross = isCross != Vector<int>.Zero;
        Vector<int> index = default;
        for (int k = 0; k < classes; k++)
        {
            float* at = tile + (nint)k * lanes;
            Vector<float> slope = Vector<float>.Zero;
            if (anyCross)
                slope = Vector.ConditionalSelect(isCross, VectorMath.ExpOfNegative(Vector.Load(at) - largest - logSum) * weight, slope);
            Vector<float> more = Vector.ConditionalSelect(Vector.Equals(index, rivalIndex), atRival, Vector<float>.Zero);
            (slope + Vector.ConditionalSelect(Vector.Equals(index, y), atLabel, more)).Store(at);
            index += Vector<int>.One;
        }
    }

    /// <summary>
    /// The operation on the GPU, rows staged as <see cref="LogitStage"/> says. It cannot throw: value and gradient of a row whose role or label the CPU
    /// path would refuse are NaN.
    /// </summary>
    /// <param name="roles">[N], <see cref="LogitRole"/>.</param>
    /// <param name="lanes"><see cref="LogitStage.Lanes"/> of K.</param>
    /// <param name="wide">1 when logits and gradient begin at multiples of 16 bytes.</param>
    [DeviceKernel]
    public static void Kernel(ArrayView<float> logits, ArrayView<long> labels, ArrayView<byte> roles, ArrayView<float> weights,
        ArrayView<float> values, ArrayView<float> gradient, long samples, int classes, float tau, int lanes, int wide)
    {
        ArrayView<float> stage = SharedMemory.Allocate<float>(LogitStage.Size);
        if (lanes == 0)
        {
            for (long n = LogitStage.FirstWarp(); n < samples; n += LogitStage.Warps())
            {
                ArrayView<float> z = logits.SubView(n * classes, classes), g = gradient.SubView(n * classes, classes);
                float value = Row(z, g, classes, Warp.WarpSize, labels[n], roles[n], weights[n], tau);
                if (Warp.IsFirstLane)
                    values[n] = value;
            }
            return;
        }
        int rows = Group.DimX / lanes, stride = LogitStage.Stride(classes, lanes), row = Group.IdxX / lanes;
        bool fours = wide != 0 && rows * classes % 4 == 0;
        for (long first = (long)Grid.IdxX * rows; first < samples; first += (long)Grid.DimX * rows)
        {
            int present = samples - first < rows ? (int)(samples - first) : rows;
            LogitStage.Load(logits, stage, first * classes, present * classes, classes, stride, fours);
            Group.Barrier();
            // Lanes without a row do the last one's sums with their warp, and write nothing.
            bool absent = row >= present;
            long n = absent ? samples - 1 : first + row;
            ArrayView<float> own = stage.SubView(absent ? 0 : row * stride, absent ? 0 : classes);
            float value = Row(own, own, absent ? 0 : classes, lanes, labels[n], roles[n], weights[n], tau);
            if (!absent && Group.IdxX % lanes == 0)
                values[n] = value;
            Group.Barrier();
            LogitStage.Store(stage, gradient, first * classes, present * classes, classes, stride, fours);
            Group.Barrier();
        }
    }

    // Every lane writes where it alone reads, so the gradient may replace the logits.
    private static float Row(ArrayView<float> z, ArrayView<float> g, int classes, int lanes, long label, byte role, float weight, float tau)
    {
        int lane = Group.IdxX % lanes;
        bool wrong = role > (byte)LogitRole.MarginHinge || role != (byte)LogitRole.Ignore && (label < 0 || label >= classes);
        bool cross = role == (byte)LogitRole.CrossEntropy && !wrong, hinge = role == (byte)LogitRole.MarginHinge && !wrong;
        int y = cross || hinge ? (int)label : -1;
        float own = 0, rival = float.NegativeInfinity;
        int rivalIndex = classes;
        for (int k = lane; k < classes; k += lanes)
        {
            float value = z[k];
            if (k == y)
            {
                own = value;
                value = float.NegativeInfinity;
            }
            if (LogitStage.IsLarger(value, k, rival, rivalIndex))
            {
                rival = value;
                rivalIndex = k;
            }
        }
        own = Warp.Shuffle(own, y & lanes - 1, lanes);
        for (int distance = lanes / 2; distance > 0; distance /= 2)
        {
            float other = Warp.ShuffleXor(rival, distance);
            int otherIndex = Warp.ShuffleXor(rivalIndex, distance);
            if (LogitStage.IsLarger(other, otherIndex, rival, rivalIndex))
            {
                rival = other;
                rivalIndex = otherIndex;
            }
        }
        float largest = own <= rival ? rival : own, sum = 0;
        for (int k = lane; cross && k < classes; k += lanes)
            sum += XMath.Exp(z[k] - largest);
        sum = LogitStage.Sum(sum, lanes);
        float margin = own - rival, atLabel = -weight, atRival = 0, logSum = XMath.Log(sum), loss = logSum - (own - largest);
        if (hinge)
        {
            bool slopes = margin >= -tau;
            loss = margin < -tau ? -tau : margin;
            atLabel = slopes ? weight : 0;
            atRival = -atLabel;
        }
        float flat = wrong ? float.NaN : 0;
        for (int k = lane; k < classes; k += lanes)
        {
            float slope = cross ? XMath.Exp(z[k] - largest - logSum) * weight : flat;
            if (k == y)
                slope += atLabel;
            else if (k == rivalIndex && hinge)
                slope += atRival;
            g[k] = slope;
        }
        return cross || hinge ? weight * loss : flat;
    }
}
