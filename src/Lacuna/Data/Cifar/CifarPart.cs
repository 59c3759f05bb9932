namespace Lacuna.Data.Cifar;

/// <summary>One split as its files hold it.</summary>
/// <param name="Pixels">[N, 3, 32, 32].</param>
/// <param name="Labels">CIFAR-10's labels, or CIFAR-100's fine ones, [N].</param>
/// <param name="Coarse">CIFAR-100's super-classes, [N]; else null.</param>
/// <param name="Files">The images' names, which only the Python form records; else null.</param>
internal sealed record CifarPart(byte[] Pixels, int[] Labels, int[]? Coarse, IReadOnlyList<string>? Files)
{
    /// <summary>Side of an image.</summary>
    public const int Side = 32;

    /// <summary>Bytes of one image: red, green and blue, each row by row.</summary>
    public const int ImageLength = 3 * Side * Side;
}
