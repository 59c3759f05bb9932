using Lacuna.Profiling;

namespace Lacuna.Runs.Profiling;

/// <summary>Divides a tree of spans: every moment belongs to the innermost span, but for a kernel that makes a batch, which belongs to the batch.</summary>
public static class ProfileShares
{
    /// <summary>Name of the share that lies in no pass, kernel, batch or copy.</summary>
    public const string Other = "other";

    /// <summary>Name of the share of making batches.</summary>
    public const string Batches = "batch assembly";

    /// <summary>The shares, largest first.</summary>
    /// <param name="root">The whole.</param>
    /// <param name="multiplyAddsPerImage">Of one forward pass.</param>
    /// <param name="peakGflops">Of the device.</param>
    public static IReadOnlyList<ProfileShare> Of(SpanNode root, long multiplyAddsPerImage, double peakGflops)
    {
        var sums = new Dictionary<(SpanKind Kind, string Name), Sum>();
        Divide(root, inData: false, sums);
        return [.. sums.Where(sum => sum.Value.Seconds > 0 || sum.Value.Calls > 0).Select(sum => Share(sum.Key.Kind, sum.Key.Name, sum.Value)).OrderByDescending(share => share.Seconds)];

        ProfileShare Share(SpanKind kind, string name, Sum sum)
        {
            var isPass = kind == SpanKind.Pass && sum.Images > 0 && sum.PassSeconds > 0;
            double? rate = isPass ? sum.Images / sum.PassSeconds : null;
            var gflops = rate is null || PassNames.Forwards(name) is not { } forwards ? (double?)null : 2e-9 * multiplyAddsPerImage * forwards * rate;
            return new(kind, name, sum.Calls, sum.Seconds, root.Seconds > 0 ? sum.Seconds / root.Seconds : 0, sum.Images, rate, gflops, gflops / peakGflops);
        }
    }

    /// <summary>Images through forward passes, and operations of all passes whose count is known.</summary>
    public static (long Images, double Operations) Work(SpanNode root, long multiplyAddsPerImage)
    {
        var (images, operations) = (0L, 0.0);
        foreach (var child in root.Children)
        {
            var (inside, inner) = Work(child, multiplyAddsPerImage);
            (images, operations) = (images + inside, operations + inner);
        }
        if (root.Kind != SpanKind.Pass) return (images, operations);
        if (root.Name == PassNames.Forward) images += root.Images;
        return (images, operations + 2.0 * multiplyAddsPerImage * root.Images * (PassNames.Forwards(root.Name) ?? 0));
    }

    private static void Divide(SpanNode node, bool inData, Dictionary<(SpanKind, string), Sum> sums)
    {
        inData |= node.Kind == SpanKind.Data;
        var (kind, name) = inData ? (SpanKind.Data, Batches) : node.Kind == SpanKind.Phase ? (SpanKind.Phase, Other) : (node.Kind, node.Name);
        if (!sums.TryGetValue((kind, name), out var sum)) sums[(kind, name)] = sum = new();
        sum.Seconds += node.OwnSeconds;
        // A batch's kernels are no further batches.
        if (kind == node.Kind && kind != SpanKind.Phase)
        {
            sum.Calls += node.Calls;
            sum.Images += node.Images;
        }
        if (kind == SpanKind.Pass) sum.PassSeconds += node.Seconds - NestedPasses(node);
        foreach (var child in node.Children) Divide(child, inData, sums);
    }

    private static double NestedPasses(SpanNode node) => node.Children.Sum(child => child.Kind == SpanKind.Pass ? child.Seconds : NestedPasses(child));

    private sealed class Sum
    {
        public double Seconds { get; set; }

        public double PassSeconds { get; set; }

        public long Calls { get; set; }

        public long Images { get; set; }
    }
}
