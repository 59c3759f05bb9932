namespace Lacuna.Methods.Composition;

/// <summary>Where the coefficients start.</summary>
public enum CompositionStart
{
    /// <summary>All zeros: no vector at all.</summary>
    Zero,

    /// <summary>Standard normal.</summary>
    Normal,

    /// <summary>All ones: the plain sum of the vectors.</summary>
    One,
}
