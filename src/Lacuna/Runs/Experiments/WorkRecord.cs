using System.Text.Json;

namespace Lacuna.Runs.Experiments;

/// <summary>What a finished item leaves. It is written last, after the files that it names.</summary>
/// <param name="Key">Hash of <paramref name="Inputs"/>.</param>
/// <param name="Inputs">Everything that the result depends on: <see cref="WorkInputs"/>.</param>
/// <param name="Files">Hashes of the files that the item wrote, by their paths in the experiment's folder, with '/'.</param>
/// <param name="Seconds">What it took.</param>
/// <param name="Result">What came of it.</param>
public sealed record WorkRecord<T>(string Key, JsonElement Inputs, IReadOnlyDictionary<string, string> Files, double Seconds, T Result);
