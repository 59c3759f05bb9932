using ILGPU;
using System.Numerics;

namespace Lacuna.Kernels;

/// <summary>
/// The absolute value of a float32 as an integer of 31 bits in the same order: its bits without the sign. All NaN are one key above infinity's.
/// A key is read as three digits, 11, 10 and 10 bits, the first one holding the exponent and three bits more.
/// </summary>
internal static class MagnitudeKey
{
    internal const int Digits = 3;

    /// <summary>Values of the first digit; the others have <see cref="LowBins"/>.</summary>
    internal const int MaxBins = 1 << 11;

    internal const int LowBits = 10;
    internal const int LowBins = 1 << LowBits;

    private const int Magnitude = 0x7FFF_FFFF;
    private const int NotANumber = 0x7F80_0001;

    /// <summary>Usable in kernels, as all of this class that takes no vector.</summary>
    internal static int Of(float value)
    {
        int key = (int)(Interop.FloatAsInt(value) & Magnitude);
        return key < NotANumber ? key : NotANumber;
    }

    internal static Vector<int> Of(Vector<float> values) =>
        Vector.Min(Vector.AsVectorInt32(values) & new Vector<int>(Magnitude), new Vector<int>(NotANumber));

    /// <summary>The absolute value of that key; the one quiet NaN for NaN.</summary>
    internal static float Value(int key) => key < NotANumber ? Interop.IntAsFloat((uint)key) : float.NaN;

    internal static int Bins(int digit) => digit == 0 ? MaxBins : LowBins;

    /// <summary>Bits below a digit.</summary>
    internal static int Shift(int digit) => (Digits - 1 - digit) * LowBits;
}
