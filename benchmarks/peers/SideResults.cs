using System.Globalization;

namespace Lacuna.Peers;

/// <summary>What all sides computed of one step.</summary>
internal sealed class SideResults : IDisposable
{
    /// <summary>This engine's.</summary>
    public ResultValues? Ours { get; set; }

    /// <summary>Tuned PyTorch's.</summary>
    public ResultValues? Tuned { get; set; }

    /// <summary>Those of the published scripts' way.</summary>
    public ResultValues? Authors { get; set; }

    /// <summary>Those of float64; null where there are none.</summary>
    public ResultValues? Exact { get; set; }

    /// <summary>Steps of a whole method.</summary>
    public string StepsTaken => string.Create(CultureInfo.InvariantCulture, $"{Ours!.Steps:0} and {Tuned!.Steps:0} steps");

    /// <summary>Held against float64, or against tuned PyTorch without it.</summary>
    public Agreement Agreement(int images, double limit)
    {
        var yardstick = Exact ?? Tuned!;
        return new(Exact is null ? Yardstick.TunedPyTorch : Yardstick.Float64, images, Ours!.OffFrom(yardstick), Exact is null ? null : Tuned!.OffFrom(yardstick), Authors!.OffFrom(yardstick), limit);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var results in new[] { Ours, Tuned, Authors, Exact }) results?.Dispose();
    }
}
