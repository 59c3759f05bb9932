namespace Lacuna.Kernels;

/// <summary>Length checks of the span overloads.</summary>
internal static class Lengths
{
    internal static void Require(long actual, long expected, string name)
    {
        if (actual != expected)
            throw new ArgumentException($"'{name}' holds {actual} numbers where the shape needs {expected}.", name);
    }
}
