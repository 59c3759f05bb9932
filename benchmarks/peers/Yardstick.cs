namespace Lacuna.Peers;

/// <summary>What results are held against.</summary>
internal enum Yardstick
{
    /// <summary>The step in float64 in PyTorch, on contiguous memory.</summary>
    Float64,

    /// <summary>Tuned PyTorch in float32, where rounding is carried too far for float64 to be the truth about float32.</summary>
    TunedPyTorch,
}
