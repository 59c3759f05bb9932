namespace Lacuna.Runs.Bench;

/// <summary>How close a kernel comes to what it is compared with.</summary>
/// <param name="Operation">The case's name.</param>
/// <param name="Shape">The sizes.</param>
/// <param name="LargestDifference">Over the largest magnitude of the result; infinite where one is NaN and the other not.</param>
/// <param name="Limit">Largest difference allowed.</param>
/// <param name="Holds">Whether that is within the limit.</param>
public sealed record KernelFinding(string Operation, string Shape, double LargestDifference, double Limit, bool Holds);
