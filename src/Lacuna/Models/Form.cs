namespace Lacuna.Models;

/// <summary>The two forms in which the field publishes a network. Written into checkpoint files by these names in lower case.</summary>
public enum Form
{
    /// <summary>For images of about 32x32 pixels: the first layers keep the resolution.</summary>
    Cifar,

    /// <summary>torchvision's, for images of about 224x224 pixels.</summary>
    Imagenet,
}
