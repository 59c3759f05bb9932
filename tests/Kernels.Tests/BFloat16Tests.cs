using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed class BFloat16Tests
{
    [Fact]
    public void EveryBFloat16ComesBackThroughFloat32()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            float value = BFloat16.ToSingle((ushort)bits);
            Assert.Equal(float.IsNaN(value) ? 0x7FC0 : bits, BFloat16.FromSingle(value));
        }
    }

    /// <summary>Midpoints go to the even neighbour, what is past them to the nearer, beyond the largest to infinity.</summary>
    [Theory]
    [InlineData(0x3F80_8000u, 0x3F80)]
    [InlineData(0x3F81_8000u, 0x3F82)]
    [InlineData(0x3F80_8001u, 0x3F81)]
    [InlineData(0xBF80_7FFFu, 0xBF80)]
    [InlineData(0x7F7F_FFFFu, 0x7F80)]
    [InlineData(0x0000_8001u, 0x0001)]
    [InlineData(0xFF80_0001u, 0x7FC0)]
    public void RoundsToNearestEven(uint single, int half) => Assert.Equal(half, BFloat16.FromSingle(BitConverter.UInt32BitsToSingle(single)));
}
