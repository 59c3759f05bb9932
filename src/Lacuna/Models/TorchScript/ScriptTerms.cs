namespace Lacuna.Models.TorchScript;

/// <summary>
/// The caller's leave to run the code that a TorchScript file holds. The code can do what the process may do with files and memory through
/// the tensor library, so it is given for trusted files only; without it such a file is refused and nothing in it runs.
/// </summary>
/// <param name="Normalisation">Applied before the module; null for none, since most script modules contain theirs.</param>
public sealed record ScriptTerms(Normalisation? Normalisation);
