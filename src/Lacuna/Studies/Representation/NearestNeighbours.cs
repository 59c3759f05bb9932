using static TorchSharp.torch;

namespace Lacuna.Studies.Representation;

/// <summary>Classes by a vote of the nearest known images, nearness being the cosine of the angle between features. scikit-learn's <c>KNeighborsClassifier(metric='cosine')</c>.</summary>
public sealed class NearestNeighbours : IDisposable
{
    // Queries at a time: their similarities to the bank are all held.
    private const int Chunk = 512;

    private readonly Tensor _directions;
    private readonly int[] _labels;
    private readonly int _neighbours;

    /// <param name="features">[n, d] of known images.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="neighbours">How many vote; at most n.</param>
    /// <exception cref="ArgumentException">Labels and features do not belong together, or there are fewer images than votes.</exception>
    public NearestNeighbours(Tensor features, IReadOnlyList<int> labels, int neighbours)
    {
        if (features.dim() != 2 || features.size(0) != labels.Count || neighbours < 1 || neighbours > labels.Count)
            throw new ArgumentException($"{neighbours} neighbours cannot be sought among features [{string.Join(", ", features.shape)}] with {labels.Count} labels.");
        (_labels, _neighbours) = ([.. labels], neighbours);
        _directions = Directions(features);
    }

    /// <summary>The class with most votes; of several the lowest.</summary>
    /// <param name="features">[m, d].</param>
    public int[] Predict(Tensor features)
    {
        var predicted = new List<int>((int)features.size(0));
        for (long start = 0; start < features.size(0); start += Chunk)
        {
            using var scope = NewDisposeScope();
            var queries = Directions(features.narrow(0, start, Math.Min(Chunk, features.size(0) - start)));
            var (_, nearest) = queries.matmul(_directions.t()).topk(_neighbours, 1);
            foreach (var voters in nearest.cpu().contiguous().data<long>().ToArray().Chunk(_neighbours))
                predicted.Add(voters.GroupBy(place => _labels[place]).OrderByDescending(votes => votes.Count()).ThenBy(votes => votes.Key).First().Key);
        }
        return [.. predicted];
    }

    /// <inheritdoc/>
    public void Dispose() => _directions.Dispose();

    private static Tensor Directions(Tensor features)
    {
        using var scope = NewDisposeScope();
        var wide = features.detach().to(float64);
        // Features that are all zero have no direction: their cosine with everything is 0.
        return (wide / wide.norm(1, keepdim: true).clamp_min(1e-300)).MoveToOuterDisposeScope();
    }
}
