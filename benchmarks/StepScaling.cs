namespace Lacuna.Benchmarks;

/// <summary>What a step costs an image at several sizes of the batch.</summary>
/// <param name="Step">Which.</param>
/// <param name="Points">By the size of the batch.</param>
internal sealed record StepScaling(string Step, IReadOnlyList<ScalingPoint> Points)
{
    /// <summary>From which size up the cost is to be flat; below, it is shown for contrast.</summary>
    public const int FlatFrom = 64;

    /// <summary>Highest cost over the lowest, of the sizes at which it is to be flat.</summary>
    public double Spread
    {
        get
        {
            var flat = Points.Where(point => point.Size >= FlatFrom).Select(point => point.Microseconds).ToArray();
            return flat.Max() / flat.Min();
        }
    }
}
