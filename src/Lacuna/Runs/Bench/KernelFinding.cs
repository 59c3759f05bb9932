namespace Lacuna.Runs.Bench;

/// <summary>How close a kernel on a device comes to its CPU path.</summary>
/// <param name="Operation">The case's name.</param>
/// <param name="Shape">The sizes.</param>
/// <param name="LargestDifference">Over the largest magnitude of the result; infinite where one is NaN and the other not.</param>
/// <param name="Holds">Whether that is within the limit.</param>
public sealed record KernelFinding(string Operation, string Shape, double LargestDifference, bool Holds);
