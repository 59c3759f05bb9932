namespace Lacuna.Runs.Bench;

/// <summary>What was measured of one operation at one size.</summary>
/// <param name="Operation">The case's name.</param>
/// <param name="Shape">The sizes.</param>
/// <param name="BytesMoved">What the operation must read and write at the least.</param>
/// <param name="KernelMs">Median time of the kernel.</param>
/// <param name="GigabytesPerSecond">BytesMoved over that time, 1e9 bytes a second.</param>
/// <param name="ShareOfCopy">That rate over the rate of a plain copy, measured in the same run.</param>
/// <param name="OperatorMs">Median time of the same work by the tensor library's operators, measured in turns with the kernel.</param>
/// <param name="TimesFaster">OperatorMs over KernelMs.</param>
/// <param name="LargestError">Largest difference of the kernel's results from the operators' in float64, over the largest magnitude of that result.</param>
public sealed record BenchRow(string Operation, string Shape, long BytesMoved, double KernelMs, double GigabytesPerSecond, double ShareOfCopy, double OperatorMs, double TimesFaster, double LargestError);
