namespace Lacuna.Peers;

/// <summary>How far results are from the yardstick: the norm of the difference over the norm of the yardstick's.</summary>
/// <param name="Yardstick">What the results are held against.</param>
/// <param name="Images">Images in the steps that were compared.</param>
/// <param name="Ours">This engine.</param>
/// <param name="Tuned">Tuned PyTorch in float32; null where it is the yardstick.</param>
/// <param name="Authors">The published scripts' way in float32.</param>
/// <param name="Limit">The largest difference of ours that counts as agreement. The others' are shown, and held to nothing.</param>
internal sealed record Agreement(Yardstick Yardstick, int Images, double Ours, double? Tuned, double Authors, double Limit)
{
    /// <summary>Whether our result is right. One that is no number is not.</summary>
    public bool Holds => Ours <= Limit;
}
