namespace Lacuna.Data;

/// <summary>Words for a forget set that mean nothing, or nothing usable for this data set. The message says which words would.</summary>
public sealed class ForgetSetException(string message) : Exception(message);
