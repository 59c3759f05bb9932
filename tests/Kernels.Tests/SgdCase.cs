using Lacuna.Kernels;
using System.Numerics;

namespace Kernels.Tests;

/// <summary>Tensors for a step of SGD, and the step by one operator after the other in any number type.</summary>
internal sealed class SgdCase
{
    internal const int Weight = 0, Gradient = 1, Velocity = 2, Start = 3, Hold = 4, Mask = 5;

    private static readonly Dictionary<string, SgdRule> Rules = new()
    {
        ["plain"] = SgdRule.Of(0.1),
        ["weight decay"] = SgdRule.Of(0.1, weightDecay: 5e-4),
        ["first momentum"] = SgdRule.Of(0.05, momentum: 0.9, dampening: 0.25, options: StepOptions.FirstStep),
        ["momentum"] = SgdRule.Of(0.05, momentum: 0.9, weightDecay: 0.01),
        ["dampened momentum"] = SgdRule.Of(0.05, momentum: 0.9, dampening: 0.25),
        ["first nesterov"] = SgdRule.Of(0.1, momentum: 0.8, options: StepOptions.FirstStep | StepOptions.Nesterov),
        ["nesterov"] = SgdRule.Of(0.1, momentum: 0.8, weightDecay: 1e-3, options: StepOptions.Nesterov),
        ["pull"] = SgdRule.Of(0.1, lambda: 30, options: StepOptions.Pull),
        ["valued pull"] = SgdRule.Of(0.1, momentum: 0.9, weightDecay: 0.01, lambda: 3, options: StepOptions.Pull | StepOptions.PullValue),
        ["mask"] = SgdRule.Of(0.1, options: StepOptions.Mask),
        ["first masked momentum"] = SgdRule.Of(0.1, momentum: 0.9, options: StepOptions.Mask | StepOptions.FirstStep),
        ["everything"] = SgdRule.Of(0.1, 0.9, 0, 0.01, 3, StepOptions.Nesterov | StepOptions.Pull | StepOptions.PullValue | StepOptions.Mask),
    };

    internal static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string rule in Rules.Keys)
                foreach (string lengths in new[] { "0", "1 0 7", "31 32 33", "255 256 257 4099" })
                    cases.Add(rule, lengths);
            cases.Add("everything", "");
            return cases;
        }
    }

    internal static TheoryData<string> Names => [.. Rules.Keys];

    internal static SgdRule Rule(string name) => Rules[name];

    /// <summary>The fields that a rule leaves alone hold NaN, so that a result they get into shows.</summary>
    internal static SegmentMemory Draw(SgdRule rule, string lengths, Func<int, uint, float[]>? draw = null)
    {
        draw ??= Samples.Uniform;
        var memory = new SegmentMemory(SegmentMemory.Parse(lengths), SgdStep.Fields, shift: -1).With(Weight, draw, 1).With(Gradient, draw, 2);
        for (int field = Velocity; field < SgdStep.Fields; field++)
            memory.With(field, !Uses(rule, field) ? (count, _) => [.. Enumerable.Repeat(float.NaN, count)] : field switch
            {
                Hold => (count, seed) => [.. draw(count, seed).Select(MathF.Abs)],
                Mask => (count, seed) => [.. Samples.Uniform(count, seed).Select(value => value < 0 ? 0f : 1f)],
                _ => draw,
            }, (uint)field + 1);
        return memory;
    }

    internal static bool Uses(SgdRule rule, int field) => field switch
    {
        Velocity => rule.Momentum != 0,
        Start or Hold => SgdRule.Has(rule, StepOptions.Pull),
        Mask => SgdRule.Has(rule, StepOptions.Mask),
        _ => true,
    };

    /// <summary>Copies the memory, steps, and checks that the fields that are only read stay as they were.</summary>
    internal static (float[] Weight, float[] Velocity, double Value) Cpu(SegmentMemory memory, SgdRule rule)
    {
        using SegmentMemory copy = memory.Clone(shift: -1);
        double value = SgdStep.Cpu(copy.Segments, rule);
        foreach (int field in new[] { Gradient, Start, Hold, Mask })
            Assert.Equal(memory.Field(field), copy.Field(field));
        return (copy.Field(Weight), copy.Field(Velocity), value);
    }

    /// <summary>As torch.optim.SGD: gradient plus pull, plus weight decay, momentum, step. The last result is the size of the numbers the direction is the sum of.</summary>
    internal static (T Weight, T Velocity, T Magnitude) Step<T>(SgdRule rule, float weight, float gradient, float velocity, float start, float hold, float mask) where T : INumber<T>
    {
        T w = T.CreateChecked(weight), d = T.CreateChecked(gradient), v = T.CreateChecked(velocity), magnitude = T.Abs(d);
        T momentum = T.CreateChecked(rule.Momentum);
        if (Uses(rule, Start))
        {
            T moved = w - T.CreateChecked(start);
            T held = T.CreateChecked(hold) * moved;
            held = T.CreateChecked(rule.Lambda) * held;
            d += held;
            magnitude += T.Abs(held);
        }
        if (rule.WeightDecay != 0)
        {
            T decay = T.CreateChecked(rule.WeightDecay) * w;
            d += decay;
            magnitude += T.Abs(decay);
        }
        if (rule.Momentum != 0)
        {
            if (SgdRule.Has(rule, StepOptions.FirstStep))
                v = d;
            else
            {
                magnitude += T.Abs(v);
                v *= momentum;
                T share = T.CreateChecked(rule.Share) * d;
                v += share;
            }
            if (SgdRule.Has(rule, StepOptions.Nesterov))
            {
                T ahead = momentum * v;
                d += ahead;
                magnitude += magnitude;
            }
            else
                d = v;
        }
        T step = T.CreateChecked(rule.LearningRate) * d;
        w -= step;
        return Uses(rule, Mask) && mask == 0 ? (T.CreateChecked(weight), T.CreateChecked(velocity), T.Zero) : (w, v, magnitude);
    }

    internal static (T Weight, T Velocity, T Magnitude)[] Steps<T>(SgdRule rule, SegmentMemory memory) where T : INumber<T>
    {
        float[][] fields = [.. Enumerable.Range(0, SgdStep.Fields).Select(memory.Field)];
        return [.. Enumerable.Range(0, fields[0].Length).Select(i => Step<T>(rule, fields[0][i], fields[1][i], fields[2][i], fields[3][i], fields[4][i], fields[5][i]))];
    }
}
