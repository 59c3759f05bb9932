namespace Lacuna.Evaluation;

/// <summary>A training set of several features: kernel rows of all points, the last used ones kept, as libsvm does.</summary>
internal sealed class VectorProblem : SvcProblem
{
    /// <summary>What the kept rows may take. libsvm's default is 200 MB.</summary>
    private const long CacheBytes = 256L << 20;

    private readonly KernelRows rows;
    private readonly double[] work;
    private readonly LinkedListNode<(int Id, float[] Row)>?[] kept;
    private readonly LinkedList<(int Id, float[] Row)> byUse = new();
    private readonly int most;

    /// <param name="positives">[P, K] of label 1, row by row.</param>
    /// <param name="negatives">[N, K] of label 0.</param>
    /// <param name="dimensions">K.</param>
    /// <param name="options">Settings.</param>
    public VectorProblem(ReadOnlySpan<double> positives, ReadOnlySpan<double> negatives, int dimensions, RbfSvcOptions options)
        : base((positives.Length + negatives.Length) / dimensions, negatives.Length / dimensions, options)
    {
        Points = [.. negatives, .. positives];
        rows = new KernelRows(Points, dimensions, Gamma);
        work = new double[2 * Count];
        kept = new LinkedListNode<(int, float[])>?[Count];
        most = (int)Math.Min(Count, Math.Max(4, CacheBytes / (4L * Count)));
    }

    /// <summary>[Count, K].</summary>
    public double[] Points { get; }

    /// <inheritdoc/>
    public override float Kernel(int i, int k) => Row(i)[k];

    /// <summary>Kernel of a point with all points; valid until four other rows were asked for.</summary>
    public float[] Row(int id)
    {
        if (kept[id] is { } node)
        {
            byUse.Remove(node);
        }
        else
        {
            float[] row;
            if (byUse.Count < most) { row = new float[Count]; }
            else
            {
                (int last, row) = byUse.Last!.Value;
                byUse.RemoveLast();
                kept[last] = null;
            }

            rows.Fill(id, row, work);
            node = kept[id] = new((id, row));
        }

        byUse.AddFirst(node);
        return node.Value.Row;
    }

    /// <inheritdoc/>
    public override ISetAside SetAside() => new VectorSetAside(this);

    /// <inheritdoc/>
    public override IActiveSet Activate(int[] position, int activeCount, ReadOnlySpan<int> waiting, DualState state) =>
        new VectorActiveSet(this, position, activeCount, waiting, state);
}
