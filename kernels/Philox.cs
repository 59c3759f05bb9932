namespace Lacuna.Kernels;

/// <summary>
/// Philox 4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 3.3): a counter-based
/// generator. The same key and counter give the same 128 bits on CPU and GPU, in any order; different counters give independent ones.
/// Usable in kernels and on the host.
/// </summary>
public static class Philox
{
    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9; // golden ratio
    private const uint Weyl1 = 0xBB67AE85; // sqrt(3) - 1

    /// <summary>Four random words for a counter of 128 bits under a key of 64, both least significant word first.</summary>
    public static (uint X, uint Y, uint Z, uint W) Block(uint counter0, uint counter1, uint counter2, uint counter3, uint key0, uint key1)
    {
        uint x = counter0, y = counter1, z = counter2, w = counter3;
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * x;
            ulong product1 = (ulong)Multiplier1 * z;
            x = (uint)(product1 >> 32) ^ y ^ key0;
            y = (uint)product1;
            z = (uint)(product0 >> 32) ^ w ^ key1;
            w = (uint)product0;
            key0 += Weyl0;
            key1 += Weyl1;
        }
        return (x, y, z, w);
    }
}
