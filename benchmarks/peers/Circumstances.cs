namespace Lacuna.Peers;

/// <summary>When and beside what a row was measured: rows of one table may be measured one by one.</summary>
/// <param name="Utc">When it was done, ISO 8601.</param>
/// <param name="Lacuna">Version of the engine.</param>
/// <param name="LoadBefore">Load average of the machine; null where it is not known. Far above the threads the figures are hints.</param>
/// <param name="LoadAfter">The same at the end.</param>
internal sealed record Circumstances(string Utc, string Lacuna, double? LoadBefore, double? LoadAfter);
