using Lacuna.Methods;

namespace Lacuna.Studies.Representation;

/// <summary>How the representation of models is compared. The defaults take seconds for <c>cnn-s</c> on the bundled data.</summary>
public sealed record RepresentationOptions
{
    /// <summary>Forget images, and as many retain images, over which layers are compared; fewer where there are fewer.</summary>
    public int Images { get; init; } = 500;

    /// <summary>Maps of convolutions are averaged to at most this many places along each side before they are compared; 1 is global average pooling.</summary>
    public int Places { get; init; } = 4;

    /// <summary>Training images, forget and retain in the proportion they have, among which neighbours are sought.</summary>
    public int Bank { get; init; } = 3000;

    /// <summary>Test images of what was forgotten, and as many others, whose neighbours are sought.</summary>
    public int Queries { get; init; } = 1000;

    /// <summary>Neighbours that vote.</summary>
    public int Neighbours { get; init; } = 5;

    /// <summary>Throws with a clear message when a value makes no sense.</summary>
    public void Validate()
    {
        Check.AtLeast(Images, LinearCka.LeastImages, nameof(Images));
        Check.AtLeast(Places, 1, nameof(Places));
        Check.AtLeast(Neighbours, 1, nameof(Neighbours));
        Check.AtLeast(Bank, Neighbours, nameof(Bank));
        Check.AtLeast(Queries, 1, nameof(Queries));
    }
}
