namespace Lacuna.Studies;

/// <summary>Every study by the name under which experiment files ask for it: one line a study.</summary>
public static class StudyCatalogue
{
    /// <summary>In the order in which they are listed.</summary>
    public static IReadOnlyList<StudyEntry> All { get; } =
    [
    ];
}
