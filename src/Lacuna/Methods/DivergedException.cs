namespace Lacuna.Methods;

/// <summary>A loss or a network stopped being finite. The message names the step and the option to change.</summary>
public sealed class DivergedException(string message) : InvalidOperationException(message);
