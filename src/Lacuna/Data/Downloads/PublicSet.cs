namespace Lacuna.Data.Downloads;

/// <summary>A public data set that can be downloaded.</summary>
/// <param name="Name">How <c>data get</c> and <c>--data</c> call it.</param>
/// <param name="Home">The page that describes it, with its terms.</param>
/// <param name="Files">What is downloaded.</param>
/// <param name="Unpacked">What is taken out of the archive; empty where the files are used as they are.</param>
public sealed record PublicSet(string Name, string Home, IReadOnlyList<PublicFile> Files, IReadOnlyList<string> Unpacked);
