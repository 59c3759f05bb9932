namespace Lacuna.Kernels;

/// <summary>Philox 4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
/// as 1, 2, 3" (SC 2011): a keyed bijection of 128-bit counters, so any draw can be made alone, in any order, anywhere.</summary>
/// <remarks>Integer arithmetic only, in ILGPU's kernel language, so the CPU and the GPU give the same bits.</remarks>
public static class Philox
{
    /// <summary>The four random words of counter (c0, c1, c2, c3) under key (k0, k1).</summary>
    public static void Block(
        uint c0, uint c1, uint c2, uint c3, uint k0, uint k1,
        out uint r0, out uint r1, out uint r2, out uint r3)
    {
        for (int round = 0; round < 10; round++)
        {
            ulong product0 = 0xD2511F53ul * c0;
            ulong product1 = 0xCD9E8D57ul * c2;
            c0 = (uint)(product1 >> 32) ^ c1 ^ k0;
            c1 = (uint)product1;
            c2 = (uint)(product0 >> 32) ^ c3 ^ k1;
            c3 = (uint)product0;
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }
        r0 = c0;
        r1 = c1;
        r2 = c2;
        r3 = c3;
    }
}
