using ILGPU;

namespace Lacuna.Kernels;

/// <summary>A convolution's sizes inside a kernel, read from the table that <see cref="ConvolutionShape.Geometry"/> makes: more numbers than a launch should carry.</summary>
internal readonly struct ConvolutionGeometry(ArrayView<int> table)
{
    internal readonly int Channels = table[0], Height = table[1], Width = table[2], Outputs = table[3], KernelHeight = table[4], KernelWidth = table[5],
        StrideY = table[6], StrideX = table[7], PaddingY = table[8], PaddingX = table[9], DilationY = table[10], DilationX = table[11],
        Groups = table[12], OutputHeight = table[13], OutputWidth = table[14];

    internal int Positions => OutputHeight * OutputWidth;

    internal int GroupChannels => Channels / Groups;

    internal int GroupOutputs => Outputs / Groups;

    internal int Patch => GroupChannels * KernelHeight * KernelWidth;
}
