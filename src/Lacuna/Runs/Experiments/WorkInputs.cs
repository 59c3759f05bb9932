namespace Lacuna.Runs.Experiments;

/// <summary>What an item of an experiment depends on. Written out in its record, and hashed into its address.</summary>
/// <param name="Kind">original, method, measurement or study.</param>
/// <param name="Of">Addresses of the items that it uses, or of a file: the original of a method, the networks of a study.</param>
/// <param name="Data">Hashes of the images that it uses.</param>
/// <param name="Split">Hash of the indices of the forget images; empty for an original.</param>
/// <param name="Name">The method's or study's name.</param>
/// <param name="Options">Its options.</param>
/// <param name="Seed">Of everything random.</param>
/// <param name="Code">Which code does it.</param>
public sealed record WorkInputs(string Kind, IReadOnlyList<string> Of, IReadOnlyList<string> Data, string Split, string Name, object? Options, ulong Seed, CodeVersion Code)
{
    /// <summary>The address.</summary>
    public string Key() => WorkKey.Of(this);
}
