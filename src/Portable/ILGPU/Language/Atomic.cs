using Lacuna.Portable.Simulation;
using System.Numerics;

namespace ILGPU;

/// <summary>Indivisible updates of one element; each returns the value that stood there before.</summary>
public static class Atomic
{
    public static int Add(ref int target, int value) => Apply(ref target, MemoryProbe.LoadAtomic(ref target) + value);
    public static uint Add(ref uint target, uint value) => Apply(ref target, MemoryProbe.LoadAtomic(ref target) + value);
    public static long Add(ref long target, long value) => Apply(ref target, MemoryProbe.LoadAtomic(ref target) + value);
    public static ulong Add(ref ulong target, ulong value) => Apply(ref target, MemoryProbe.LoadAtomic(ref target) + value);
    public static float Add(ref float target, float value) => Apply(ref target, MemoryProbe.LoadAtomic(ref target) + value);
    public static double Add(ref double target, double value) => Apply(ref target, MemoryProbe.LoadAtomic(ref target) + value);
    public static Index1D Add(ref Index1D target, Index1D value) => Apply(ref target, MemoryProbe.LoadAtomic(ref target) + value);

    // As the device's max and min: where one side is not a number the other one wins.
    public static int Max(ref int target, int value) => Extreme(ref target, value, largest: true);
    public static uint Max(ref uint target, uint value) => Extreme(ref target, value, largest: true);
    public static long Max(ref long target, long value) => Extreme(ref target, value, largest: true);
    public static ulong Max(ref ulong target, ulong value) => Extreme(ref target, value, largest: true);
    public static float Max(ref float target, float value) => Extreme(ref target, value, largest: true);
    public static double Max(ref double target, double value) => Extreme(ref target, value, largest: true);

    public static int Min(ref int target, int value) => Extreme(ref target, value, largest: false);
    public static uint Min(ref uint target, uint value) => Extreme(ref target, value, largest: false);
    public static long Min(ref long target, long value) => Extreme(ref target, value, largest: false);
    public static ulong Min(ref ulong target, ulong value) => Extreme(ref target, value, largest: false);
    public static float Min(ref float target, float value) => Extreme(ref target, value, largest: false);
    public static double Min(ref double target, double value) => Extreme(ref target, value, largest: false);

    public static int Exchange(ref int target, int value) => Apply(ref target, value);
    public static uint Exchange(ref uint target, uint value) => Apply(ref target, value);
    public static long Exchange(ref long target, long value) => Apply(ref target, value);
    public static ulong Exchange(ref ulong target, ulong value) => Apply(ref target, value);
    public static float Exchange(ref float target, float value) => Apply(ref target, value);
    public static double Exchange(ref double target, double value) => Apply(ref target, value);
    public static Index1D Exchange(ref Index1D target, Index1D value) => Apply(ref target, value);

    public static int CompareExchange(ref int target, int compare, int value) => Swap(ref target, compare, value);
    public static uint CompareExchange(ref uint target, uint compare, uint value) => Swap(ref target, compare, value);
    public static long CompareExchange(ref long target, long compare, long value) => Swap(ref target, compare, value);
    public static ulong CompareExchange(ref ulong target, ulong compare, ulong value) => Swap(ref target, compare, value);
    public static float CompareExchange(ref float target, float compare, float value) => Swap(ref target, compare, value);
    public static double CompareExchange(ref double target, double compare, double value) => Swap(ref target, compare, value);
    public static Index1D CompareExchange(ref Index1D target, Index1D compare, Index1D value) => Swap(ref target, compare, value);

    private static T Apply<T>(ref T target, T value) where T : unmanaged
    {
        T before = MemoryProbe.LoadAtomic(ref target);
        MemoryProbe.StoreAtomic(ref target, value);
        return before;
    }

    private static T Extreme<T>(ref T target, T value, bool largest) where T : unmanaged, INumber<T>
    {
        T before = MemoryProbe.LoadAtomic(ref target);
        MemoryProbe.StoreAtomic(ref target, largest ? T.MaxNumber(before, value) : T.MinNumber(before, value));
        return before;
    }

    // The device compares bits: a NaN equals itself, and the two zeros differ.
    private static unsafe T Swap<T>(ref T target, T compare, T value) where T : unmanaged
    {
        T before = MemoryProbe.LoadAtomic(ref target);
        if (new ReadOnlySpan<byte>(&before, sizeof(T)).SequenceEqual(new(&compare, sizeof(T))))
            MemoryProbe.StoreAtomic(ref target, value);
        return before;
    }
}
