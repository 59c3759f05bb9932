using System.Numerics;

namespace Lacuna.Tests.Gpu.Ptx;

/// <summary>What PTX instructions compute from up to three registers (PTX ISA, chapter 9), as functions of 64-bit slots.</summary>
internal static class PtxArithmetic
{
    private static readonly Dictionary<string, Func<ulong, ulong, ulong, ulong>> Table = new()
    {
        ["mul.wide.u32"] = (a, b, _) => (ulong)(uint)a * (uint)b,
        ["mul.wide.s32"] = (a, b, _) => (ulong)((long)(int)a * (int)b),
        ["mul.hi.u32"] = (a, b, _) => (ulong)(uint)a * (uint)b >> 32,
        ["mul.hi.s32"] = (a, b, _) => (uint)((long)(int)a * (int)b >> 32),
        ["mul.hi.u64"] = (a, b, _) => Math.BigMul(a, b, out _),
        ["not.pred"] = (a, _, _) => a ^ 1,
        ["not.b32"] = (a, _, _) => (uint)~a,
        ["not.b64"] = (a, _, _) => ~a,
        ["shl.b32"] = (a, b, _) => (uint)b > 31 ? 0 : (uint)a << (int)b,
        ["shr.u32"] = (a, b, _) => (uint)b > 31 ? 0 : (uint)a >> (int)b,
        ["shr.s32"] = (a, b, _) => (uint)((int)a >> (int)Math.Min((uint)b, 31)),
        ["shl.b64"] = (a, b, _) => (uint)b > 63 ? 0 : a << (int)b,
        ["shr.u64"] = (a, b, _) => (uint)b > 63 ? 0 : a >> (int)b,
        ["shr.s64"] = (a, b, _) => (ulong)((long)a >> (int)Math.Min((uint)b, 63)),
        ["popc.b32"] = (a, _, _) => (ulong)BitOperations.PopCount((uint)a),
        ["clz.b32"] = (a, _, _) => (ulong)BitOperations.LeadingZeroCount((uint)a),
        ["div.s32"] = (a, b, _) => (uint)b == 0 ? uint.MaxValue : (uint)((long)(int)a / (int)b),
        ["rem.s32"] = (a, b, _) => (uint)b == 0 ? uint.MaxValue : (uint)((long)(int)a % (int)b),
        ["div.u32"] = (a, b, _) => (uint)b == 0 ? uint.MaxValue : (uint)a / (uint)b,
        ["rem.u32"] = (a, b, _) => (uint)b == 0 ? uint.MaxValue : (uint)a % (uint)b,
        ["div.s64"] = (a, b, _) => b == 0 ? ulong.MaxValue : (ulong)((long)a / (long)b),
        ["rem.s64"] = (a, b, _) => b == 0 ? ulong.MaxValue : (ulong)((long)a % (long)b),
        ["div.u64"] = (a, b, _) => b == 0 ? ulong.MaxValue : a / b,
        ["rem.u64"] = (a, b, _) => b == 0 ? ulong.MaxValue : a % b,
        ["ex2.approx.f32"] = (a, _, _) => Bits(MathF.Pow(2, F(a))),
        ["lg2.approx.f32"] = (a, _, _) => Bits(MathF.Log2(F(a))),
        ["fma.rn.f32"] = (a, b, c) => Bits(MathF.FusedMultiplyAdd(F(a), F(b), F(c))),
        ["fma.rn.f64"] = (a, b, c) => Bits(Math.FusedMultiplyAdd(D(a), D(b), D(c))),
    };

    static PtxArithmetic()
    {
        foreach (var type in (string[])["s32", "u32", "b32"])
        {
            Add("add", type, (a, b, _) => (uint)(a + b));
            Add("sub", type, (a, b, _) => (uint)(a - b));
            Add("mul.lo", type, (a, b, _) => (uint)(a * b));
            Add("mad.lo", type, (a, b, c) => (uint)(a * b + c));
            Add("neg", type, (a, _, _) => (uint)-(long)a);
            Add("abs", type, (a, _, _) => (uint)Math.Abs((long)(int)a));
        }
        foreach (var type in (string[])["s64", "u64", "b64"])
        {
            Add("add", type, (a, b, _) => a + b);
            Add("sub", type, (a, b, _) => a - b);
            Add("mul.lo", type, (a, b, _) => a * b);
            Add("mad.lo", type, (a, b, c) => a * b + c);
            Add("neg", type, (a, _, _) => (ulong)-(long)a);
        }
        foreach (var type in (string[])["b16", "b32", "b64", "pred"])
        {
            Add("and", type, (a, b, _) => a & b);
            Add("or", type, (a, b, _) => a | b);
            Add("xor", type, (a, b, _) => a ^ b);
        }
        Floats("f32", F, x => Bits(x));
        Floats("f64", D, x => Bits(x));
        Bounds("s32", a => (int)a, x => (uint)x);
        Bounds("u32", a => (uint)a, x => x);
        Bounds("s64", a => (long)a, x => (ulong)x);
        Bounds("u64", a => a, x => x);
    }

    /// <summary>The function of an instruction, or null for one that is none of registers alone.</summary>
    public static Func<ulong, ulong, ulong, ulong>? Of(string operation)
    {
        if (Table.TryGetValue(operation, out var function)) return function;
        var words = operation.Split('.');
        return words[0] switch
        {
            "mov" or "cvta" => (a, _, _) => a,
            "selp" => (a, b, p) => p != 0 ? a : b,
            "setp" => Comparison(words[1], words[2]),
            "testp" => Test(words[1], words[2]),
            "cvt" => Conversion(words[1..]),
            _ => null,
        };
    }

    public static float F(ulong slot) => BitConverter.UInt32BitsToSingle((uint)slot);

    public static double D(ulong slot) => BitConverter.UInt64BitsToDouble(slot);

    private static ulong Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);

    private static void Add(string name, string type, Func<ulong, ulong, ulong, ulong> function) => Table[$"{name}.{type}"] = function;

    private static void Floats<T>(string type, Func<ulong, T> get, Func<T, ulong> put) where T : IFloatingPointIeee754<T>
    {
        foreach (var rounding in (string[])["", ".rn"])
        {
            Add("add" + rounding, type, (a, b, _) => put(get(a) + get(b)));
            Add("sub" + rounding, type, (a, b, _) => put(get(a) - get(b)));
            Add("mul" + rounding, type, (a, b, _) => put(get(a) * get(b)));
        }
        Add("div.rn", type, (a, b, _) => put(get(a) / get(b)));
        Add("rcp.rn", type, (a, _, _) => put(T.One / get(a)));
        Add("sqrt.rn", type, (a, _, _) => put(T.Sqrt(get(a))));
        Add("neg", type, (a, _, _) => put(-get(a)));
        Add("abs", type, (a, _, _) => put(T.Abs(get(a))));
        // Of a number and NaN, the number.
        Add("min", type, (a, b, _) => put(T.MinNumber(get(a), get(b))));
        Add("max", type, (a, b, _) => put(T.MaxNumber(get(a), get(b))));
    }

    private static void Bounds<T>(string type, Func<ulong, T> get, Func<T, ulong> put) where T : IBinaryInteger<T>
    {
        Add("min", type, (a, b, _) => put(T.Min(get(a), get(b))));
        Add("max", type, (a, b, _) => put(T.Max(get(a), get(b))));
    }

    private static Func<ulong, ulong, ulong, ulong> Comparison(string how, string type) => type switch
    {
        "f32" => Floating(how, F),
        "f64" => Floating(how, D),
        "s32" => Ordered(how, a => (int)a),
        "s64" => Ordered(how, a => (long)a),
        "s16" => Ordered(how, a => (short)a),
        "u32" or "b32" => Ordered(how, a => (uint)a),
        "u64" or "b64" => Ordered(how, a => a),
        "u16" or "b16" => Ordered(how, a => (ushort)a),
        _ => throw new NotSupportedException($"setp.{how}.{type}"),
    };

    private static Func<ulong, ulong, ulong, ulong> Ordered<T>(string how, Func<ulong, T> get) where T : IComparable<T> => how switch
    {
        "eq" => (a, b, _) => Flag(get(a).CompareTo(get(b)) == 0),
        "ne" => (a, b, _) => Flag(get(a).CompareTo(get(b)) != 0),
        "lt" or "lo" => (a, b, _) => Flag(get(a).CompareTo(get(b)) < 0),
        "le" or "ls" => (a, b, _) => Flag(get(a).CompareTo(get(b)) <= 0),
        "gt" or "hi" => (a, b, _) => Flag(get(a).CompareTo(get(b)) > 0),
        "ge" or "hs" => (a, b, _) => Flag(get(a).CompareTo(get(b)) >= 0),
        _ => throw new NotSupportedException($"setp.{how}"),
    };

    // With a u behind it, true where one is NaN; without, false.
    private static Func<ulong, ulong, ulong, ulong> Floating<T>(string how, Func<ulong, T> get) where T : IFloatingPointIeee754<T> => how switch
    {
        "eq" => (a, b, _) => Flag(get(a) == get(b)),
        "ne" => (a, b, _) => Flag(get(a) < get(b) || get(a) > get(b)),
        "lt" => (a, b, _) => Flag(get(a) < get(b)),
        "le" => (a, b, _) => Flag(get(a) <= get(b)),
        "gt" => (a, b, _) => Flag(get(a) > get(b)),
        "ge" => (a, b, _) => Flag(get(a) >= get(b)),
        "equ" => (a, b, _) => Flag(!(get(a) < get(b) || get(a) > get(b))),
        "neu" => (a, b, _) => Flag(get(a) != get(b)),
        "ltu" => (a, b, _) => Flag(!(get(a) >= get(b))),
        "leu" => (a, b, _) => Flag(!(get(a) > get(b))),
        "gtu" => (a, b, _) => Flag(!(get(a) <= get(b))),
        "geu" => (a, b, _) => Flag(!(get(a) < get(b))),
        "num" => (a, b, _) => Flag(!T.IsNaN(get(a)) && !T.IsNaN(get(b))),
        "nan" => (a, b, _) => Flag(T.IsNaN(get(a)) || T.IsNaN(get(b))),
        _ => throw new NotSupportedException($"setp.{how}"),
    };

    private static Func<ulong, ulong, ulong, ulong> Test(string what, string type)
    {
        Func<ulong, double> get = type == "f32" ? a => F(a) : D;
        return what switch
        {
            "notanumber" => (a, _, _) => Flag(double.IsNaN(get(a))),
            "number" => (a, _, _) => Flag(!double.IsNaN(get(a))),
            "infinite" => (a, _, _) => Flag(double.IsInfinity(get(a))),
            "finite" => (a, _, _) => Flag(double.IsFinite(get(a))),
            _ => throw new NotSupportedException($"testp.{what}"),
        };
    }

    private static ulong Flag(bool value) => value ? 1UL : 0;

    private static Func<ulong, ulong, ulong, ulong> Conversion(string[] words)
    {
        var (rounding, to, from) = words.Length == 3 ? (words[0], words[1], words[2]) : ("", words[0], words[1]);
        if (from[0] != 'f' && to[0] != 'f')
        {
            var extend = Extension(from);
            var bits = int.Parse(to[1..]);
            return bits == 64 ? (a, _, _) => extend(a) : bits == 32 ? (a, _, _) => (uint)extend(a) : (a, _, _) => extend(a) & ((1UL << bits) - 1);
        }
        if (from[0] != 'f')
        {
            var (extend, signed) = (Extension(from), from[0] == 's');
            return (to, signed) switch
            {
                ("f32", true) => (a, _, _) => Bits((float)(long)extend(a)),
                ("f32", false) => (a, _, _) => Bits((float)extend(a)),
                ("f64", true) => (a, _, _) => Bits((double)(long)extend(a)),
                _ => (a, _, _) => Bits((double)extend(a)),
            };
        }
        Func<ulong, double> get = from == "f32" ? a => F(a) : D;
        Func<double, double> round = rounding switch { "rni" => x => Math.Round(x, MidpointRounding.ToEven), "rmi" => Math.Floor, "rpi" => Math.Ceiling, _ => Math.Truncate };
        return to switch
        {
            "f32" when rounding is "rn" or "" => (a, _, _) => Bits((float)get(a)),
            "f64" when rounding is "" => (a, _, _) => Bits(get(a)),
            "f32" => (a, _, _) => Bits((float)round(get(a))),
            "f64" => (a, _, _) => Bits(round(get(a))),
            // Out of range: the nearest; NaN: 0.
            "s32" => (a, _, _) => (uint)(int)Math.Clamp(Zero(round(get(a))), int.MinValue, int.MaxValue),
            "u32" => (a, _, _) => (uint)Math.Clamp(Zero(round(get(a))), 0, uint.MaxValue),
            "s64" => (a, _, _) => (ulong)long.CreateSaturating(Zero(round(get(a)))),
            "u64" => (a, _, _) => ulong.CreateSaturating(Zero(round(get(a)))),
            _ => throw new NotSupportedException($"cvt to {to}"),
        };
    }

    private static double Zero(double value) => double.IsNaN(value) ? 0 : value;

    private static Func<ulong, ulong> Extension(string type) => type switch
    {
        "s8" => a => (ulong)(sbyte)a,
        "u8" or "b8" => a => (byte)a,
        "s16" => a => (ulong)(short)a,
        "u16" or "b16" => a => (ushort)a,
        "s32" => a => (ulong)(int)a,
        "u32" or "b32" => a => (uint)a,
        _ => a => a,
    };
}
