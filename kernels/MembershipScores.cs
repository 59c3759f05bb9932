using ILGPU;
using ILGPU.Algorithms;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// What a row of logits says about its label, from which membership in the training set is guessed; p = softmax(z[n]), natural logarithms:
/// <code>
/// confidence[n] = p_y
/// entropy[n]    = -sum_k p_k log p_k
/// modified[n]   = -(1 - p_y) log p_y - sum over k≠y of p_k log(1 - p_k)     (Song and Mittal 2021, equation 8)
/// correct[n]    = 1 where y is the first of the largest logits, else 0
/// </code>
/// z [N,K] float32, K at least 1; labels y [N] int64; results [N] float32, correct [N] bytes. log(1 - p_k) of the largest logit is the log-sum-exp of
/// the others, taken relative to the second largest, so that a saturated softmax neither loses digits nor becomes infinite; of every other one, whose p_k is at
/// most 1/2, it is computed from p_k. A row with NaN or +inf gives NaN; a logit of -inf makes the entropy NaN (0 * -inf) and is left
/// out of the modified one: as PyTorch's log_softmax has it.
/// <para>Exponentials are within 2 units in the last place on the CPU, where sums and logarithms are taken in float64; on the GPU they are the device's fast ones.</para>
/// <para>Moves 4 N K bytes and 21 N.</para>
/// </summary>
public static unsafe class MembershipScores
{
    /// <summary>The operation on the CPU. The results must overlap nothing.</summary>
    /// <exception cref="ArgumentException">A label is not in 0, …, K - 1. The results are then void.</exception>
    public static void Cpu(float* logits, long* labels, float* confidence, float* entropy, float* modified, byte* correct, long samples, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        int faults = 0;
        LogitTile.Run(logits, samples, classes, (row, rows, tile) =>
        {
            if (!Tile(tile, labels + row, confidence + row, entropy + row, modified + row, correct + row, rows, classes))
                Interlocked.Increment(ref faults);
        });
        for (long n = 0; faults > 0 && n < samples; n++)
            if ((ulong)labels[n] >= (ulong)classes)
                throw new ArgumentException($"Row {n} has the label {labels[n]}, but there are {classes} classes.", nameof(labels));
    }

    /// <inheritdoc cref="Cpu(float*, long*, float*, float*, float*, byte*, long, int)"/>
    public static void Cpu(ReadOnlySpan<float> logits, ReadOnlySpan<long> labels, Span<float> confidence, Span<float> entropy, Span<float> modified,
        Span<byte> correct, int classes)
    {
        Lengths.Require(logits.Length, (long)labels.Length * classes, nameof(logits));
        Lengths.Require(confidence.Length, labels.Length, nameof(confidence));
        Lengths.Require(entropy.Length, labels.Length, nameof(entropy));
        Lengths.Require(modified.Length, labels.Length, nameof(modified));
        Lengths.Require(correct.Length, labels.Length, nameof(correct));
        fixed (float* z = logits, c = confidence, e = entropy, m = modified)
        fixed (long* y = labels)
        fixed (byte* r = correct)
            Cpu(z, y, c, e, m, r, labels.Length, classes);
    }

    private static bool Tile(float* tile, long* labels, float* confidence, float* entropy, float* modified, byte* correct, int rows, int classes)
    {
        int lanes = Vector<float>.Count;
        int* label = stackalloc int[lanes];
        bool right = true;
        for (int lane = 0; lane < lanes; lane++)
        {
            label[lane] = lane < rows ? (int)labels[lane] : 0;
            right &= lane >= rows || (ulong)labels[lane] < (ulong)classes;
        }
        Vector<int> y = Vector.Load(label);
        Largest(tile, classes, y, out Vector<float> own, out Vector<float> largest, out Vector<float> second, out Vector<int> top);
        Vector<float> shift = Vector.ConditionalSelect(Vector.Equals(second, new Vector<float>(float.NegativeInfinity)), largest, second);
        Exponentials(tile, classes, shift, largest, top, out var sums, out var products);
        // Everything relative to exp(largest). Where that is not finite nothing is a number.
        Vector.Widen(largest - largest, out Vector<double> poison0, out Vector<double> poison1);
        Vector.Widen(largest, out Vector<double> largest0, out Vector<double> largest1);
        Vector.Widen(shift, out Vector<double> shift0, out Vector<double> shift1);
        Vector.Widen(own, out Vector<double> own0, out Vector<double> own1);
        shift0 += poison0 - largest0;
        shift1 += poison1 - largest1;
        Vector<double> gap0 = Vector.Exp(shift0), gap1 = Vector.Exp(shift1), one = Vector<double>.One;
        Vector<float> scale = Vector.Narrow(gap0 / (one + gap0 * sums.Low), gap1 / (one + gap1 * sums.High));
        var terms = OtherTerms(tile, classes, scale, y, top);
        Vector.Widen(Vector.Equals(y, top), out Vector<long> isTop0, out Vector<long> isTop1);
        var low = Scores(own0 - largest0, shift0, gap0, sums.Low, products.Low, terms.Low, isTop0);
        var high = Scores(own1 - largest1, shift1, gap1, sums.High, products.High, terms.High, isTop1);
        Vector<float> p = Vector.Narrow(low.Confidence, high.Confidence), e = Vector.Narrow(low.Entropy, high.Entropy), m = Vector.Narrow(low.Modified, high.Modified);
        for (int lane = 0; lane < rows; lane++)
        {
            (confidence[lane], entropy[lane], modified[lane]) = (p[lane], e[lane], m[lane]);
            correct[lane] = label[lane] == top[lane] ? (byte)1 : (byte)0;
        }
        return right;
    }

    // t: the label's logit relative to the largest; shift: that of the second largest, by whose exponential, gap, the sums are too small.
    private static (Vector<double> Confidence, Vector<double> Entropy, Vector<double> Modified) Scores(Vector<double> t, Vector<double> shift, Vector<double> gap,
        Vector<double> sum, Vector<double> product, Vector<double> terms, Vector<long> isTop)
    {
        Vector<double> rest = gap * sum, total = Vector<double>.One + rest, logTotal = LogOfOnePlus(rest), e = Vector.Exp(t);
        Vector<double> others = Vector.ConditionalSelect(isTop, rest, total - e);
        Vector<double> topTerm = Vector.ConditionalSelect(isTop, Vector<double>.Zero, (shift + Vector.Log(sum) - logTotal) / total);
        return (e / total, logTotal - gap * product / total, -(others / total) * (t - logTotal) - terms - topTerm);
    }

    // log(1 + x) for x >= 0 without losing a small one (Kahan): the rounding of 1 + x is the same in both factors.
    private static Vector<double> LogOfOnePlus(Vector<double> x)
    {
        Vector<double> sum = Vector<double>.One + x;
        return Vector.ConditionalSelect(Vector.Equals(sum, Vector<double>.One), x, Vector.Log(sum) * (x / (sum - Vector<double>.One)));
    }

    private static void Largest(float* tile, int classes, Vector<int> y, out Vector<float> own, out Vector<float> largest, out Vector<float> second, out Vector<int> top)
    {
        int lanes = Vector<float>.Count;
        Vector<float> best = Vector.Load(tile), next = new(float.NegativeInfinity), label = best;
        Vector<int> index = default, at = default;
        for (int k = 1; k < classes; k++)
        {
            index += Vector<int>.One;
            Vector<float> value = Vector.Load(tile + (nint)k * lanes);
            label = Vector.ConditionalSelect(Vector.Equals(index, y), value, label);
            Vector<int> larger = LogitTile.IsLarger(value, best);
            Vector<float> loser = Vector.ConditionalSelect(larger, best, value);
            next = Vector.ConditionalSelect(Vector.GreaterThan(loser, next), loser, next);
            best = Vector.ConditionalSelect(larger, value, best);
            at = Vector.ConditionalSelect(larger, index, at);
        }
        (own, largest, second, top) = (label, best, next, at);
    }

    // Replaces z_k by exp(z_k - shift), 0 for the largest, and sums these and their products with z_k - largest.
    private static void Exponentials(float* tile, int classes, Vector<float> shift, Vector<float> largest, Vector<int> top,
        out (Vector<double> Low, Vector<double> High) sums, out (Vector<double> Low, Vector<double> High) products)
    {
        int lanes = Vector<float>.Count;
        Vector<double> low = default, high = default, lowProduct = default, highProduct = default;
        Vector<int> index = default;
        for (int k = 0; k < classes; k++)
        {
            float* at = tile + (nint)k * lanes;
            Vector<float> value = Vector.Load(at);
            Vector<int> isTop = Vector.Equals(index, top);
            Vector<float> e = Vector.ConditionalSelect(isTop, Vector<float>.Zero, VectorMath.ExpOfNegative(value - shift));
            e.Store(at);
            Vector.Widen(e, out Vector<double> e0, out Vector<double> e1);
            low += e0;
            high += e1;
            Vector.Widen(Vector.ConditionalSelect(isTop, Vector<float>.Zero, e * (value - largest)), out e0, out e1);
            lowProduct += e0;
            highProduct += e1;
            index += Vector<int>.One;
        }
        (sums, products) = ((low, high), (lowProduct, highProduct));
    }

    // sum of p_k log(1 - p_k) without the label's and the largest logit's.
    private static (Vector<double> Low, Vector<double> High) OtherTerms(float* tile, int classes, Vector<float> scale, Vector<int> y, Vector<int> top)
    {
        int lanes = Vector<float>.Count;
        Vector<double> low = default, high = default;
        Vector<int> index = default;
        for (int k = 0; k < classes; k++)
        {
            Vector<float> p = Vector.Load(tile + (nint)k * lanes) * scale;
            p = Vector.ConditionalSelect(Vector.BitwiseOr(Vector.Equals(index, y), Vector.Equals(index, top)), Vector<float>.Zero, p);
            Vector.Widen(p * VectorMath.LogOfOneMinus(p), out Vector<double> t0, out Vector<double> t1);
            low += t0;
            high += t1;
            index += Vector<int>.One;
        }
        return (low, high);
    }

    /// <summary>
    /// The operation on the GPU, rows staged as <see cref="LogitStage"/> says. It cannot throw: a label that is none gives NaN, and 0 in <paramref name="correct"/>.
    /// </summary>
    /// <param name="lanes"><see cref="LogitStage.Lanes"/> of K.</param>
    /// <param name="wide">1 when the logits begin at a multiple of 16 bytes.</param>
    [DeviceKernel]
    public static void Kernel(ArrayView<float> logits, ArrayView<long> labels, ArrayView<float> confidence, ArrayView<float> entropy,
        ArrayView<float> modified, ArrayView<byte> correct, long samples, int classes, int lanes, int wide)
    {
        ArrayView<float> stage = SharedMemory.Allocate<float>(LogitStage.Size);
        if (lanes == 0)
        {
            for (long n = LogitStage.FirstWarp(); n < samples; n += LogitStage.Warps())
                Row(logits.SubView(n * classes, classes), classes, Warp.WarpSize, n, Warp.IsFirstLane, labels, confidence, entropy, modified, correct);
            return;
        }
        int rows = Group.DimX / lanes, stride = LogitStage.Stride(classes, lanes), row = Group.IdxX / lanes;
        bool fours = wide != 0 && rows * classes % 4 == 0;
        for (long first = (long)Grid.IdxX * rows; first < samples; first += (long)Grid.DimX * rows)
        {
            int present = samples - first < rows ? (int)(samples - first) : rows;
            LogitStage.Load(logits, stage, first * classes, present * classes, classes, stride, fours);
            Group.Barrier();
            // Lanes without a row do the first one's sums with their warp, and write nothing.
            bool absent = row >= present;
            Row(stage.SubView(absent ? 0 : row * stride, classes), classes, lanes, absent ? first : first + row, !absent && Group.IdxX % lanes == 0,
                labels, confidence, entropy, modified, correct);
            Group.Barrier();
        }
    }

    private static void Row(ArrayView<float> z, int classes, int lanes, long n, bool writes, ArrayView<long> labels, ArrayView<float> confidence,
        ArrayView<float> entropy, ArrayView<float> modified, ArrayView<byte> correct)
    {
        int lane = Group.IdxX % lanes, top = classes;
        long label = labels[n];
        float largest = float.NegativeInfinity, second = float.NegativeInfinity;
        for (int k = lane; k < classes; k += lanes)
        {
            float value = z[k];
            bool larger = LogitStage.IsLarger(value, k, largest, top);
            float loser = larger ? largest : value;
            second = loser > second ? loser : second;
            largest = larger ? value : largest;
            top = larger ? k : top;
        }
        for (int distance = lanes / 2; distance > 0; distance /= 2)
        {
            float other = Warp.ShuffleXor(largest, distance), otherSecond = Warp.ShuffleXor(second, distance);
            int otherTop = Warp.ShuffleXor(top, distance);
            bool larger = LogitStage.IsLarger(other, otherTop, largest, top);
            float loser = larger ? largest : other;
            second = otherSecond > second ? otherSecond : second;
            second = loser > second ? loser : second;
            largest = larger ? other : largest;
            top = larger ? otherTop : top;
        }
        float shift = second == float.NegativeInfinity ? largest : second, sum = 0, product = 0;
        for (int k = lane; k < classes; k += lanes)
            if (k != top)
            {
                float e = XMath.Exp(z[k] - shift);
                sum += e;
                product += e * (z[k] - largest);
            }
        sum = LogitStage.Sum(sum, lanes);
        product = LogitStage.Sum(product, lanes);
        // Relative to exp(largest). Where that is not finite, or the label is none, nothing is a number.
        float poison = label < 0 || label >= classes ? float.NaN : largest - largest;
        float gap = XMath.Exp(shift - largest) + poison, rest = gap * sum, total = 1 + rest, logTotal = LogOfOnePlus(rest), scale = gap / total, terms = 0;
        for (int k = lane; k < classes; k += lanes)
            if (k != top && k != label)
            {
                float p = XMath.Exp(z[k] - shift) * scale;
                terms += p * LogOfOneMinus(p);
            }
        terms = LogitStage.Sum(terms, lanes);
        if (!writes)
            return;
        bool isTop = label == top;
        float t = poison == 0 ? z[label] - largest : poison, own = XMath.Exp(t), others = isTop ? rest : total - own;
        float topTerm = isTop ? 0 : (shift - largest + XMath.Log(sum) - logTotal) / total;
        confidence[n] = own / total;
        entropy[n] = logTotal - gap * product / total;
        modified[n] = -(others / total) * (t - logTotal) - terms - topTerm;
        correct[n] = isTop ? (byte)1 : (byte)0;
    }

    // The device's logarithm is of no use near 1: series of -2 artanh(p / (2 - p)), p at most 1/2, as on the CPU.
    private static float LogOfOneMinus(float p)
    {
        float s = p / (2 - p), q = s * s;
        return -2 * s * (((((((q * (1f / 13) + 1f / 11) * q + 1f / 9) * q + 1f / 7) * q + 1f / 5) * q + 1f / 3) * q) + 1);
    }

    // The same series from s = x / (2 + x) while that is at most 1/3; x >= 0.
    private static float LogOfOnePlus(float x) => x <= 1 ? -LogOfOneMinus(x / (1 + x)) : XMath.Log(1 + x);
}
