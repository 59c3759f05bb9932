using Lacuna.Figures;

namespace Lacuna.Studies;

/// <summary>One kind of evidence: looks at the models of a split and says what it found as figures. Implementations are immutable; options in the constructor.</summary>
public interface IStudy
{
    /// <summary>Short name, as in experiment files.</summary>
    string Name { get; }

    /// <summary>The options, for the record of the run; part of the address by which finished work is found again.</summary>
    object Options { get; }

    /// <summary>Why it cannot be done here, in a sentence that says what to add; null when it can.</summary>
    string? Lacks(StudyContext context);

    /// <summary>Does it. Files beside the figures' records go into the context's folder.</summary>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    IReadOnlyList<Figure> Run(StudyContext context, CancellationToken cancellation);
}
