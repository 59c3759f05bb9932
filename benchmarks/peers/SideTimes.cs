namespace Lacuna.Peers;

/// <summary>Times of one side in milliseconds a step.</summary>
/// <param name="BestMs">Shortest repetition.</param>
/// <param name="MedianMs">Middle repetition.</param>
internal sealed record SideTimes(double BestMs, double MedianMs);
