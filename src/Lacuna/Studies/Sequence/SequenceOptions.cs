using Lacuna.Data;
using Lacuna.Methods;

namespace Lacuna.Studies.Sequence;

/// <summary>What is forgotten one after another.</summary>
public sealed record SequenceOptions
{
    /// <summary>Forget sets in the words of the command line, first to last; empty for as many as <see cref="Count"/> says, made from the split: see <see cref="SequenceRequests"/>.</summary>
    public IReadOnlyList<string> Requests { get; init; } = [];

    /// <summary>How many requests are made where none are named; fewer when classes or images do not suffice.</summary>
    public int Count { get; init; } = 5;

    /// <summary>Throws with a clear message when a value makes no sense.</summary>
    /// <exception cref="ForgetSetException">A request is no forget set.</exception>
    public void Validate()
    {
        Check.AtLeast(Count, 2, nameof(Count));
        if (Requests.Count == 1) throw new ArgumentException("Requests names one forget set; a sequence has two or more. Name another, or none.");
        foreach (var request in Requests) ForgetSetSpec.Parse(request);
    }
}
