namespace Lacuna.Kernels;

/// <summary>
/// Sizes of a two-dimensional convolution (cross-correlation with zeros around the image) of N images [C, H, W] to [O, H', W'], weights [O, C/groups, h, w].
/// "Y" is down, "X" is right.
/// </summary>
/// <param name="Samples">N, images.</param>
/// <param name="Channels">C.</param>
/// <param name="Height">H.</param>
/// <param name="Width">W.</param>
/// <param name="Outputs">O, output channels.</param>
/// <param name="KernelHeight">h.</param>
/// <param name="KernelWidth">w.</param>
/// <param name="StrideY">Rows from one output row to the next.</param>
/// <param name="StrideX">Columns from one output column to the next.</param>
/// <param name="PaddingY">Rows of zeros above and below.</param>
/// <param name="PaddingX">Columns of zeros left and right.</param>
/// <param name="DilationY">Rows from one weight to the next.</param>
/// <param name="DilationX">Columns from one weight to the next.</param>
/// <param name="Groups">Independent parts that both kinds of channels fall into.</param>
public readonly record struct ConvolutionShape(long Samples, int Channels, int Height, int Width, int Outputs, int KernelHeight, int KernelWidth,
    int StrideY = 1, int StrideX = 1, int PaddingY = 0, int PaddingX = 0, int DilationY = 1, int DilationX = 1, int Groups = 1)
{
    /// <summary>H'.</summary>
    public int OutputHeight => Extent(Height, KernelHeight, StrideY, PaddingY, DilationY);

    /// <summary>W'.</summary>
    public int OutputWidth => Extent(Width, KernelWidth, StrideX, PaddingX, DilationX);

    /// <summary>H' W', places at which the kernel is applied to an image.</summary>
    public int Positions => OutputHeight * OutputWidth;

    /// <summary>Input channels of a group.</summary>
    public int GroupChannels => Channels / Groups;

    /// <summary>Output channels of a group.</summary>
    public int GroupOutputs => Outputs / Groups;

    /// <summary>h w.</summary>
    public int Taps => KernelHeight * KernelWidth;

    /// <summary>Numbers of the image under one output: C/groups h w.</summary>
    public int Patch => GroupChannels * Taps;

    /// <summary>Numbers in the weights.</summary>
    public long Weights => (long)Outputs * Patch;

    /// <summary>Numbers in an image.</summary>
    public long InputSize => (long)Channels * Height * Width;

    /// <summary>Numbers in an image's output.</summary>
    public long OutputSize => (long)Outputs * Positions;

    /// <summary>Everything but N, as kernels read it (<see cref="ConvolutionGeometry"/>).</summary>
    public int[] Geometry() =>
    [
        Channels, Height, Width, Outputs, KernelHeight, KernelWidth, StrideY, StrideX, PaddingY, PaddingX, DilationY, DilationX, Groups, OutputHeight, OutputWidth,
    ];

    /// <exception cref="ArgumentException">The sizes do not make a convolution, or a plane or a patch has 2^30 numbers or more.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Samples);
        foreach (int size in (ReadOnlySpan<int>)[Channels, Height, Width, Outputs, KernelHeight, KernelWidth, StrideY, StrideX, DilationY, DilationX, Groups])
            if (size < 1)
                throw new ArgumentException($"Only the padding and the number of images of a convolution may be zero: {this}.");
        if (PaddingY < 0 || PaddingX < 0)
            throw new ArgumentException($"A convolution's padding cannot be negative: {this}.");
        if (Channels % Groups != 0 || Outputs % Groups != 0)
            throw new ArgumentException($"{Groups} groups do not divide {Channels} input and {Outputs} output channels evenly.");
        long rows = Height + 2L * PaddingY - (long)DilationY * (KernelHeight - 1), columns = Width + 2L * PaddingX - (long)DilationX * (KernelWidth - 1);
        if (rows < 1 || columns < 1)
            throw new ArgumentException($"The kernel reaches beyond the padded image: {this}.");
        if ((Height + 2L * PaddingY) * (Width + 2L * PaddingX) >= 1 << 30 || (long)GroupChannels * KernelHeight * KernelWidth >= 1 << 30)
            throw new ArgumentException($"A plane or a patch of 2^30 numbers or more is too large: {this}.");
    }

    /// <summary>The sizes as given; what follows from them may not exist.</summary>
    public override string ToString() =>
        $"{Samples} x [{Channels}, {Height}, {Width}] to {Outputs} channels by {KernelHeight} x {KernelWidth}, stride {StrideY} x {StrideX}, "
        + $"padding {PaddingY} x {PaddingX}, dilation {DilationY} x {DilationX}, {Groups} group(s)";

    private static int Extent(int size, int kernel, int stride, int padding, int dilation) =>
        (int)((size + 2L * padding - (long)dilation * (kernel - 1) - 1) / stride + 1);
}
