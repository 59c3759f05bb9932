namespace Lacuna.Models;

/// <summary>What a network of the zoo is built for.</summary>
/// <param name="Classes">Number of logits, at least 2.</param>
/// <param name="Channels">Channels of the images.</param>
/// <param name="Height">Image height in pixels.</param>
/// <param name="Width">Image width in pixels.</param>
/// <param name="Normalisation">Applied inside the model, before the first layer.</param>
public sealed record ModelOptions(int Classes, int Channels, int Height, int Width, Normalisation Normalisation)
{
    /// <summary>Throws with a clear message when a value makes no sense.</summary>
    public void Validate()
    {
        if (Classes < 2) throw new ArgumentException($"A classifier needs at least two classes, not {Classes}.");
        if (Channels < 1 || Height < 1 || Width < 1) throw new ArgumentException($"Images of {Channels}x{Height}x{Width} cannot be classified: every side must be at least 1.");
        Normalisation.Validate(Channels);
    }
}
