using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed class AdamStepTests
{
    public static TheoryData<string, string> Cases => AdamCase.Cases;

    public static TheoryData<string> Names => AdamCase.Names;

    [Theory, MemberData(nameof(Cases))]
    public void AgreesWithTheOperatorsToTheBitAndWithFloat64(string name, string lengths)
    {
        AdamRule rule = AdamCase.Rule(name);
        using SegmentMemory memory = AdamCase.Draw(name, lengths);
        var (weight, mean, square, value) = AdamCase.Cpu(memory, rule);
        var expected = AdamCase.Steps<float>(rule, memory);
        Assert.Equal([.. expected.Select(step => step.Weight)], weight);
        Assert.Equal([.. expected.Select(step => step.Mean)], mean);
        Assert.Equal([.. expected.Select(step => step.Square)], square);
        Assert.True(weight.All(float.IsFinite));
        foreach (var (exact, i) in AdamCase.Steps<double>(rule, memory).Select((step, i) => (step, i)))
        {
            // At most eight roundings of the mean, as many of what it is divided by.
            Near.Equal(exact.Weight, weight[i], 3 * Near.Rounding * Math.Abs(exact.Weight) + 16 * Near.Rounding * exact.Reach);
            Near.Equal(exact.Mean, mean[i], 8 * Near.Rounding * exact.Magnitude);
            Near.Equal(exact.Square, square[i], 16 * Near.Rounding * exact.Square);
        }
        if (!AdamRule.Has(rule, StepOptions.PullValue))
            Assert.Equal(0, value);
        else
        {
            double pull = PullSum.Exact(rule.Lambda, memory.Field(AdamCase.Weight), memory.Field(AdamCase.Start), memory.Field(AdamCase.Hold));
            Assert.InRange(value, pull - PullSum.Bound(pull), pull + PullSum.Bound(pull));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void SpecialValuesComeOutAsOfTheOperators(string name)
    {
        AdamRule rule = AdamCase.Rule(name);
        using SegmentMemory memory = AdamCase.Draw(name, "300 11", Samples.WithSpecials);
        var (weight, mean, square, _) = AdamCase.Cpu(memory, rule);
        Assert.Contains(weight, float.IsNaN);
        Assert.Contains(weight, float.IsFinite);
        var expected = AdamCase.Steps<float>(rule, memory);
        Assert.Equal([.. expected.Select(step => step.Weight)], weight);
        Assert.Equal([.. expected.Select(step => step.Mean)], mean);
        Assert.Equal([.. expected.Select(step => step.Square)], square);
    }

    /// <summary>Whatever the gradient's scale: from moments of zero the first step goes by its sign.</summary>
    [Fact]
    public void TheFirstStepIsTheLearningRate()
    {
        using var memory = new SegmentMemory([4], AdamStep.Fields);
        foreach (int field in new[] { AdamCase.Weight, AdamCase.Mean, AdamCase.Square })
            memory[0, field].Clear();
        new float[] { 1e-3f, -20, 3e5f, -1 }.CopyTo(memory[0, AdamCase.Gradient]);
        AdamStep.Cpu(memory.Segments, AdamRule.Of(1, 0.25));
        foreach (var (expected, actual) in new float[] { -0.25f, 0.25f, -0.25f, 0.25f }.Zip(memory.Field(AdamCase.Weight)))
            Assert.Equal(expected, actual, 1e-4f);
    }

    [Theory]
    [InlineData("mask")]
    [InlineData("everything")]
    [InlineData("everything in AdamW")]
    public void MaskedWeightsAndTheirMomentsKeepTheirBits(string name)
    {
        AdamRule rule = AdamCase.Rule(name);
        using SegmentMemory memory = AdamCase.Draw(name, "37 100", Samples.WithSpecials);
        int[] kept = [AdamCase.Weight, AdamCase.Mean, AdamCase.Square];
        for (int s = 0; s < memory.Count; s++)
        {
            memory[s, AdamCase.Gradient].Fill(float.NaN);
            foreach (int field in kept)
                memory[s, field][1] = BitConverter.UInt32BitsToSingle(0xFFC1_2345 + (uint)field);
            memory[s, AdamCase.Mask][1] = 0;
        }
        float[][] before = [.. kept.Select(memory.Field)];
        float[] mask = memory.Field(AdamCase.Mask);
        AdamStep.Cpu(memory.Segments, rule);
        Assert.Contains(0, mask);
        foreach (var (old, now) in before.Zip(kept.Select(memory.Field)))
            for (int i = 0; i < mask.Length; i++)
                if (mask[i] == 0)
                    Assert.Equal(BitConverter.SingleToUInt32Bits(old[i]), BitConverter.SingleToUInt32Bits(now[i]));
                else
                    Assert.Equal(float.NaN, now[i]);
    }

    [Fact]
    public void ManyBlocksGiveWhatOneDoes()
    {
        AdamRule rule = AdamCase.Rule("everything");
        using SegmentMemory memory = AdamCase.Draw("everything", "70001 3");
        var many = AdamCase.Cpu(memory, rule);
        Assert.Equal([.. AdamCase.Steps<float>(rule, memory).Select(step => step.Weight)], many.Weight);
        Assert.Equal(many.Value, AdamCase.Cpu(memory, rule).Value);
        double pull = PullSum.Exact(rule.Lambda, memory.Field(AdamCase.Weight), memory.Field(AdamCase.Start), memory.Field(AdamCase.Hold));
        Assert.InRange(many.Value, pull - PullSum.Bound(pull), pull + PullSum.Bound(pull));
    }

    [Fact]
    public void WrongFieldsAndStepsAreRefused()
    {
        Assert.Throws<ArgumentException>(() => AdamStep.Cpu(new TensorSegments(6, [], []), AdamRule.Of(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => AdamRule.Of(0));
    }
}
