using System.Buffers.Binary;
using Lacuna.Gpu.Launch;
using Lacuna.Kernels;

namespace Lacuna.Tests.Gpu;

/// <summary>Arguments against parameters: where they lie, and what is refused.</summary>
public sealed class ParameterLayoutTests
{
    private static readonly ParameterLayout Mixed = new(FakeKernels.Get(FakeKernels.Mixed));

    [Fact]
    public void EveryParameterLiesAtAMultipleOfItsSize()
    {
        Assert.Equal([("small", 0, 4), ("bytes", 8, 16), ("share", 24, 4), ("large", 32, 8), ("last", 40, 4), ("exact", 48, 8), ("halves", 56, 16)],
            Mixed.Parameters.Select(p => (p.Name, p.Offset, p.Bytes)));
        Assert.Equal(72, Mixed.Bytes);
        Assert.Equal(["int", "view of byte", "float", "long", "int", "double", "view of ushort"], Mixed.Parameters.Select(p => p.Type));
    }

    [Fact]
    public void EveryKernelOfTheCatalogueHasALayoutThatCudaTakes() =>
        Assert.All(KernelCatalogue.All, kernel => Assert.InRange(new ParameterLayout(kernel).Bytes, 1, 4096));

    [Fact]
    public void ValuesAreWrittenWhereTheParametersLieAndNowhereElse()
    {
        var block = new byte[72];
        Array.Fill(block, (byte)0xee);
        Mixed.Pack([-2, KernelArgument.View(0x101, 5), 0.1f, long.MinValue, int.MaxValue, 0.1, KernelArgument.View(0x102, 6)], block);
        Assert.Equal(-2, BinaryPrimitives.ReadInt32LittleEndian(block));
        Assert.Equal((0x101, 5), (BinaryPrimitives.ReadInt64LittleEndian(block.AsSpan(8)), BinaryPrimitives.ReadInt64LittleEndian(block.AsSpan(16))));
        Assert.Equal(0.1f, BinaryPrimitives.ReadSingleLittleEndian(block.AsSpan(24)));
        Assert.Equal(long.MinValue, BinaryPrimitives.ReadInt64LittleEndian(block.AsSpan(32)));
        Assert.Equal(int.MaxValue, BinaryPrimitives.ReadInt32LittleEndian(block.AsSpan(40)));
        Assert.Equal(0.1, BinaryPrimitives.ReadDoubleLittleEndian(block.AsSpan(48)));
        Assert.Equal((0x102, 6), (BinaryPrimitives.ReadInt64LittleEndian(block.AsSpan(56)), BinaryPrimitives.ReadInt64LittleEndian(block.AsSpan(64))));
        Assert.All([4, 5, 6, 7, 28, 29, 30, 31, 44, 45, 46, 47], i => Assert.Equal(0xee, block[i]));
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedByName()
    {
        var view = KernelArgument.View(0x100, 5);
        KernelArgument[] good = [1, view, 0.5f, 2L, 3, 0.5, view];
        Mixed.Pack(good, new byte[72]);
        Assert.Contains("takes 7 arguments (small, bytes, share, large, last, exact, halves), but was given 2", Refused([1, view]));
        Assert.Contains("FakeKernels.MixedKernel: 'small' is a int, but was given a view of 5 elements at 0x100.", Refused([view, .. good[1..]]));
        Assert.Contains("'small' is a int, but was given the real 1.5.", Refused([1.5f, .. good[1..]]));
        Assert.Contains("'small' is a int, but was given the integer 2147483648, which 32 bits do not hold.", Refused([2147483648L, .. good[1..]]));
        Assert.Contains("'bytes' is a view of byte, but was given the integer 7.", Refused([1, 7, .. good[2..]]));
        Assert.Contains("'share' is a float, but was given the integer 1.", Refused([.. good[..2], 1, .. good[3..]]));
        Assert.Contains("'bytes' is a view of byte, but was given a view of 1 elements at 0x0, which is no memory.", Refused([1, KernelArgument.View(0, 1), .. good[2..]]));
        Assert.Contains("which is no memory", Refused([1, KernelArgument.View(64, -1), .. good[2..]]));
        Assert.Contains("'halves' is a view of ushort, but was given a view of 1 elements at 0x101, which is no multiple of 2 bytes.", Refused([.. good[..6], KernelArgument.View(0x101, 1)]));
    }

    [Fact]
    public void KernelsOfOtherParametersAreRefused() =>
        Assert.Contains("takes 'flag' as System.Boolean", Assert.Throws<NotSupportedException>(() => new ParameterLayout(FakeKernels.Get(FakeKernels.Flagged))).Message);

    private static string Refused(KernelArgument[] arguments) => Assert.Throws<ArgumentException>(() => Mixed.Pack(arguments, new byte[72])).Message;
}
