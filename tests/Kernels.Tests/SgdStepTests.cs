using Lacuna.Kernels;

namespace Kernels.Tests;

public sealed class SgdStepTests
{
    public static TheoryData<string, string> Cases => SgdCase.Cases;

    public static TheoryData<string> Names => SgdCase.Names;

    [Theory, MemberData(nameof(Cases))]
    public void AgreesWithTheOperatorsToTheBitAndWithFloat64(string name, string lengths)
    {
        SgdRule rule = SgdCase.Rule(name);
        using SegmentMemory memory = SgdCase.Draw(rule, lengths);
        var (weight, velocity, value) = SgdCase.Cpu(memory, rule);
        Assert.Equal([.. SgdCase.Steps<float>(rule, memory).Select(step => step.Weight)], weight);
        Assert.Equal([.. SgdCase.Steps<float>(rule, memory).Select(step => step.Velocity)], velocity);
        Assert.True(weight.All(float.IsFinite));
        foreach (var (exact, i) in SgdCase.Steps<double>(rule, memory).Select((step, i) => (step, i)))
        {
            // At most six roundings of the direction, product and difference of the step.
            Near.Equal(exact.Weight, weight[i], 2 * Near.Rounding * Math.Abs(exact.Weight) + 8 * Near.Rounding * rule.LearningRate * exact.Magnitude);
            if (rule.Momentum != 0)
                Near.Equal(exact.Velocity, velocity[i], 8 * Near.Rounding * exact.Magnitude);
        }
        if (!SgdRule.Has(rule, StepOptions.PullValue))
            Assert.Equal(0, value);
        else
        {
            double pull = PullSum.Exact(rule.Lambda, memory.Field(SgdCase.Weight), memory.Field(SgdCase.Start), memory.Field(SgdCase.Hold));
            Assert.InRange(value, pull - PullSum.Bound(pull), pull + PullSum.Bound(pull));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void SpecialValuesComeOutAsOfTheOperators(string name)
    {
        SgdRule rule = SgdCase.Rule(name);
        using SegmentMemory memory = SgdCase.Draw(rule, "300 11", Samples.WithSpecials);
        var (weight, velocity, _) = SgdCase.Cpu(memory, rule);
        Assert.Contains(weight, float.IsNaN);
        Assert.Contains(weight, float.IsFinite);
        Assert.Equal([.. SgdCase.Steps<float>(rule, memory).Select(step => step.Weight)], weight);
        Assert.Equal([.. SgdCase.Steps<float>(rule, memory).Select(step => step.Velocity)], velocity);
    }

    [Theory]
    [InlineData("first masked momentum")]
    [InlineData("everything")]
    public void MaskedWeightsAndTheirMomentumKeepTheirBits(string name)
    {
        SgdRule rule = SgdCase.Rule(name);
        using SegmentMemory memory = SgdCase.Draw(rule, "37 100", Samples.WithSpecials);
        for (int s = 0; s < memory.Count; s++)
        {
            memory[s, SgdCase.Gradient].Fill(float.NaN);
            memory[s, SgdCase.Weight][1] = BitConverter.UInt32BitsToSingle(0xFFC1_2345);
            memory[s, SgdCase.Velocity][1] = BitConverter.UInt32BitsToSingle(0x7FC5_4321);
            memory[s, SgdCase.Mask][1] = 0;
        }
        var (weight, velocity, _) = SgdCase.Cpu(memory, rule);
        float[] weightBefore = memory.Field(SgdCase.Weight), velocityBefore = memory.Field(SgdCase.Velocity), mask = memory.Field(SgdCase.Mask);
        Assert.Contains(0, mask);
        for (int i = 0; i < mask.Length; i++)
            if (mask[i] == 0)
            {
                Assert.Equal(BitConverter.SingleToUInt32Bits(weightBefore[i]), BitConverter.SingleToUInt32Bits(weight[i]));
                Assert.Equal(BitConverter.SingleToUInt32Bits(velocityBefore[i]), BitConverter.SingleToUInt32Bits(velocity[i]));
            }
            else
                Assert.Equal((float.NaN, float.NaN), (weight[i], velocity[i]));
    }

    [Fact]
    public async Task ProcessorsDoNotChangeABit()
    {
        SgdRule rule = SgdCase.Rule("everything");
        using SegmentMemory memory = SgdCase.Draw(rule, "70001 3");
        var many = SgdCase.Cpu(memory, rule);
        var one = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, maxConcurrencyLevel: 1).ConcurrentScheduler;
        var single = await Task.Factory.StartNew(() => SgdCase.Cpu(memory, rule), TestContext.Current.CancellationToken, TaskCreationOptions.None, one);
        Assert.Equal(single.Weight, many.Weight);
        Assert.Equal(single.Velocity, many.Velocity);
        Assert.Equal(single.Value, many.Value);
        double pull = PullSum.Exact(rule.Lambda, memory.Field(SgdCase.Weight), memory.Field(SgdCase.Start), memory.Field(SgdCase.Hold));
        Assert.InRange(many.Value, pull - PullSum.Bound(pull), pull + PullSum.Bound(pull));
    }

    [Fact]
    public void WrongFieldsAreRefused() => Assert.Throws<ArgumentException>(() => SgdStep.Cpu(new TensorSegments(7, [], []), SgdRule.Of(0.1)));
}
