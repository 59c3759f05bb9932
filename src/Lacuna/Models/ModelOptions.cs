namespace Lacuna.Models;

/// <summary>What a network of the zoo is built for.</summary>
/// <param name="Classes">Number of logits, at least 2.</param>
/// <param name="Channels">Channels of the images.</param>
/// <param name="Height">Image height in pixels.</param>
/// <param name="Width">Image width in pixels.</param>
/// <param name="Normalisation">Applied inside the model, before the first layer.</param>
/// <param name="Form">Which form, for networks that have two; null lets the image size choose. A built model's options name it.</param>
/// <param name="Patch">Side of a patch in pixels, for networks that cut images into patches; null lets the image size choose. A built model's options name it.</param>
public sealed record ModelOptions(int Classes, int Channels, int Height, int Width, Normalisation Normalisation, Form? Form = null, int? Patch = null)
{
    /// <summary>Images with a side below this many pixels are small: they choose the CIFAR form and small patches.</summary>
    public const int SmallBelow = 64;

    /// <summary>Whether the image size chooses the forms for small images.</summary>
    public bool AreImagesSmall => Math.Min(Height, Width) < SmallBelow;

    /// <summary>Throws with a clear message when a value makes no sense.</summary>
    public void Validate()
    {
        if (Classes < 2) throw new ArgumentException($"A classifier needs at least two classes, not {Classes}.");
        if (Channels < 1 || Height < 1 || Width < 1) throw new ArgumentException($"Images of {Channels}x{Height}x{Width} cannot be classified: every side must be at least 1.");
        if (Patch < 1) throw new ArgumentException($"Patches need a side of at least 1 pixel, not {Patch}.");
        Normalisation.Validate(Channels);
    }
}
