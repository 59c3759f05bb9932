namespace Lacuna.Figures;

/// <summary>A picture made of pixels, such as a sheet of saliency maps.</summary>
/// <param name="Title">What this part shows.</param>
/// <param name="File">Name of a PNG file beside the figure's record.</param>
/// <param name="Alternative">What is seen, in words.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
public sealed record PicturePanel(string Title, string File, string Alternative, int Width, int Height) : Panel(Title);
