namespace TorchSharp;

/// <summary>Padding of a convolution given by its effect instead of by numbers.</summary>
public enum Padding
{
    /// <summary>No padding.</summary>
    Valid = 0,

    /// <summary>As much as keeps the size at stride 1; an odd total has its larger half right and below.</summary>
    Same = 1,
}
