using Lacuna.Benchmarks.Steps;
using Lacuna.Runs;

namespace Lacuna.Peers;

/// <summary>A whole comparison.</summary>
/// <param name="Environment">Our side, of the last row.</param>
/// <param name="PyTorch">Version of the other.</param>
/// <param name="Settings">What was asked for.</param>
/// <param name="Rows">One a network and step.</param>
internal sealed record PeerReport(RunEnvironment Environment, string PyTorch, PeerSettings Settings, IReadOnlyList<PeerRow> Rows)
{
    /// <summary>With the rows of an earlier report that this one does not measure anew.</summary>
    /// <exception cref="ArgumentException">They cannot stand in one table; the message says what differs.</exception>
    public PeerReport With(PeerReport earlier)
    {
        if (DifferenceFrom(earlier) is { } difference) throw new ArgumentException(difference);
        var kept = earlier.Rows.Where(old => Rows.All(row => (row.Network, row.Step) != (old.Network, old.Step)));
        var steps = AllSteps.InOrder.Select(step => step.Name).ToList();
        return this with { Rows = [.. Rows.Concat(kept).OrderBy(row => Array.IndexOf(PeerOptions.AllNetworks, row.Network)).ThenBy(row => steps.IndexOf(row.Step))] };
    }

    private string? DifferenceFrom(PeerReport earlier)
    {
        // The version of the engine and the time stand at each row.
        static RunEnvironment Machine(PeerReport report) => report.Environment with { Lacuna = "", Utc = "" };
        if (earlier.Settings != Settings) return $"made with other options ({earlier.Settings}; now {Settings})";
        if (Machine(earlier) != Machine(this)) return $"made on another machine ({Machine(earlier)}; here {Machine(this)})";
        return earlier.PyTorch == PyTorch ? null : $"made with PyTorch {earlier.PyTorch}, not {PyTorch}";
    }
}
