namespace ILGPU.Algorithms;

/// <summary>
/// Mathematics of the kernel language. Min, Max and Clamp are those of the device: where one operand is not a number the other one
/// wins, so a kernel that must pass NaN on compares instead.
/// </summary>
public static class XMath
{
    public static sbyte Abs(sbyte value) => Math.Abs(value);
    public static short Abs(short value) => Math.Abs(value);
    public static int Abs(int value) => Math.Abs(value);
    public static long Abs(long value) => Math.Abs(value);
    public static float Abs(float value) => MathF.Abs(value);
    public static double Abs(double value) => Math.Abs(value);

    public static sbyte Max(sbyte first, sbyte second) => Math.Max(first, second);
    public static short Max(short first, short second) => Math.Max(first, second);
    public static int Max(int first, int second) => Math.Max(first, second);
    public static long Max(long first, long second) => Math.Max(first, second);
    public static byte Max(byte first, byte second) => Math.Max(first, second);
    public static ushort Max(ushort first, ushort second) => Math.Max(first, second);
    public static uint Max(uint first, uint second) => Math.Max(first, second);
    public static ulong Max(ulong first, ulong second) => Math.Max(first, second);
    public static float Max(float first, float second) => float.MaxNumber(first, second);
    public static double Max(double first, double second) => double.MaxNumber(first, second);

    public static sbyte Min(sbyte first, sbyte second) => Math.Min(first, second);
    public static short Min(short first, short second) => Math.Min(first, second);
    public static int Min(int first, int second) => Math.Min(first, second);
    public static long Min(long first, long second) => Math.Min(first, second);
    public static byte Min(byte first, byte second) => Math.Min(first, second);
    public static ushort Min(ushort first, ushort second) => Math.Min(first, second);
    public static uint Min(uint first, uint second) => Math.Min(first, second);
    public static ulong Min(ulong first, ulong second) => Math.Min(first, second);
    public static float Min(float first, float second) => float.MinNumber(first, second);
    public static double Min(double first, double second) => double.MinNumber(first, second);

    public static sbyte Clamp(sbyte value, sbyte min, sbyte max) => Max(Min(value, max), min);
    public static short Clamp(short value, short min, short max) => Max(Min(value, max), min);
    public static int Clamp(int value, int min, int max) => Max(Min(value, max), min);
    public static long Clamp(long value, long min, long max) => Max(Min(value, max), min);
    public static byte Clamp(byte value, byte min, byte max) => Max(Min(value, max), min);
    public static ushort Clamp(ushort value, ushort min, ushort max) => Max(Min(value, max), min);
    public static uint Clamp(uint value, uint min, uint max) => Max(Min(value, max), min);
    public static ulong Clamp(ulong value, ulong min, ulong max) => Max(Min(value, max), min);
    public static float Clamp(float value, float min, float max) => Max(Min(value, max), min);
    public static double Clamp(double value, double min, double max) => Max(Min(value, max), min);

    public static float Ceiling(float value) => MathF.Ceiling(value);
    public static float Floor(float value) => MathF.Floor(value);
    public static float Sqrt(float value) => MathF.Sqrt(value);
    public static float Rsqrt(float value) => 1 / MathF.Sqrt(value);
    public static float Rcp(float value) => 1 / value;
    public static float Exp(float value) => MathF.Exp(value);
    public static float Exp2(float value) => float.Exp2(value);
    public static float Log(float value) => MathF.Log(value);
    public static float Log2(float value) => MathF.Log2(value);
    public static float Sin(float value) => MathF.Sin(value);
    public static float Cos(float value) => MathF.Cos(value);
    public static float Tanh(float value) => MathF.Tanh(value);
    public static float Log(float value, float newBase) => MathF.Log(value, newBase);
    public static float Pow(float @base, float exp) => MathF.Pow(@base, exp);
    public static bool IsNaN(float value) => float.IsNaN(value);
    public static bool IsInfinity(float value) => float.IsInfinity(value);

    public static double Ceiling(double value) => Math.Ceiling(value);
    public static double Floor(double value) => Math.Floor(value);
    public static double Sqrt(double value) => Math.Sqrt(value);
    public static double Rsqrt(double value) => 1 / Math.Sqrt(value);
    public static double Rcp(double value) => 1 / value;
    public static double Exp(double value) => Math.Exp(value);
    public static double Exp2(double value) => double.Exp2(value);
    public static double Log(double value) => Math.Log(value);
    public static double Log2(double value) => Math.Log2(value);
    public static double Sin(double value) => Math.Sin(value);
    public static double Cos(double value) => Math.Cos(value);
    public static double Tanh(double value) => Math.Tanh(value);
    public static double Log(double value, double newBase) => Math.Log(value, newBase);
    public static double Pow(double @base, double exp) => Math.Pow(@base, exp);
    public static bool IsNaN(double value) => double.IsNaN(value);
    public static bool IsInfinity(double value) => double.IsInfinity(value);
}
