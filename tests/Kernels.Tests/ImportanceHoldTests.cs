using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed class ImportanceHoldTests
{
    public static TheoryData<string> Sizes => ["", "0", "1", "2 0 7", "15 16 17 1", "31 32 33", "255 256 257", "4096 3073 4097"];

    internal static SegmentMemory Draw(string lengths) => new SegmentMemory(SegmentMemory.Parse(lengths), ImportanceHold.Fields, shift: -1).With(0, Samples.Uniform, 1);

    /// <summary>Tensors whose extrema are special: NaN at every kind of place, infinities, all equal, zeros of both signs, denormals, a range beyond float32.</summary>
    internal static SegmentMemory DrawSpecials()
    {
        var memory = new SegmentMemory([70, 70, 70, 70, 70, 70, 70, 70, 70, 70], ImportanceHold.Fields).With(0, Samples.Uniform, 5);
        memory[0, 0][0] = float.NaN;
        memory[1, 0][40] = -float.NaN;
        memory[2, 0][69] = float.NaN;
        memory[3, 0][33] = float.PositiveInfinity;
        memory[4, 0][69] = float.NegativeInfinity;
        memory[5, 0].Fill(0.3f);
        memory[6, 0].Fill(0);
        memory[6, 0][3] = -0f;
        for (int i = 0; i < 70; i++)
            memory[7, 0][i] = i * float.Epsilon;
        memory[8, 0][1] = float.MaxValue;
        memory[8, 0][2] = float.MinValue;
        memory[9, 0].Fill(float.NegativeInfinity);
        return memory;
    }

    internal static float[] Cpu(SegmentMemory memory)
    {
        using SegmentMemory copy = memory.Clone(shift: -1);
        ImportanceHold.Cpu(copy.Segments);
        Assert.Equal(memory.Field(0), copy.Field(0));
        return copy.Field(1);
    }

    /// <summary>The operators' formula in a number type, whose minimum and maximum let NaN through as PyTorch's do.</summary>
    private static T[] Reference<T>(T[] omega) where T : System.Numerics.IFloatingPointIeee754<T>
    {
        if (omega.Length == 0)
            return [];
        T low = omega.Aggregate(T.Min), range = omega.Aggregate(T.Max) - low;
        return [.. omega.Select(o => range > T.Zero ? T.One - (o - low) / range : T.One)];
    }

    private static T[] Reference<T>(SegmentMemory memory, Func<float, T> convert) where T : System.Numerics.IFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, memory.Count).SelectMany(s => Reference([.. memory[s, 0].ToArray().Select(convert)]))];

    [Theory, MemberData(nameof(Sizes))]
    public void AgreesWithTheFormula(string lengths)
    {
        using SegmentMemory memory = Draw(lengths);
        float[] hold = Cpu(memory);
        Assert.Equal(Reference(memory, value => value), hold);
        // Difference, range and quotient are rounded, all at most 1; so is the last difference.
        foreach (var (exact, actual) in Reference(memory, value => (double)value).Zip(hold))
            Near.Equal(exact, actual, 4 * Near.Rounding);
        Assert.True(hold.All(value => value is >= 0 and <= 1));
    }

    [Fact]
    public void SpecialValuesComeOutAsOfTheOperators()
    {
        using SegmentMemory memory = DrawSpecials();
        float[] hold = Cpu(memory);
        Assert.Equal(Reference(memory, value => value), hold);
        Assert.All(hold[..210], value => Assert.Equal(1, value)); // a tensor with NaN has no range
        Assert.Equal(float.NaN, hold[3 * 70 + 33]);
        Assert.Equal(1, hold[3 * 70]);
        Assert.All(hold[280..350], value => Assert.Equal(float.NaN, value));
        Assert.All(hold[350..490], value => Assert.Equal(1, value));
        Assert.Equal((1f, 0f), (hold[490], hold[559]));
    }

    [Fact]
    public void ManyBlocksGiveWhatOneDoes()
    {
        using var memory = new SegmentMemory([70_001, 3], ImportanceHold.Fields).With(0, Samples.Uniform, 9);
        memory[0, 0][69_999] = 5;
        memory[0, 0][0] = -3;
        Assert.Equal(Reference(memory, value => value), Cpu(memory));
    }

    [Fact]
    public unsafe void HoldMayReplaceTheImportance()
    {
        float[] omega = Samples.Uniform(1000, 3), expected = Reference(omega);
        fixed (float* memory = omega)
            ImportanceHold.Cpu(new TensorSegments(ImportanceHold.Fields, [(nint)memory, (nint)memory], [1000]));
        Assert.Equal(expected, omega);
    }

    [Fact]
    public void WrongFieldsAreRefused() => Assert.Throws<ArgumentException>(() => ImportanceHold.Cpu(new TensorSegments(3, [], [])));
}
