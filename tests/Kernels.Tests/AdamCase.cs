using Lacuna.Kernels;
using System.Numerics;

namespace Kernels.Tests;

/// <summary>Tensors for a step of Adam, and the step by one operator after the other in any number type.</summary>
internal sealed class AdamCase
{
    internal const int Weight = 0, Gradient = 1, Mean = 2, Square = 3, Start = 4, Hold = 5, Mask = 6;

    private static readonly Dictionary<string, AdamRule> Rules = new()
    {
        ["first step"] = AdamRule.Of(1),
        ["plain"] = AdamRule.Of(10, 0.01, 0.8, 0.99, 1e-4),
        ["weight decay"] = AdamRule.Of(3, 0.01, weightDecay: 0.1),
        ["AdamW"] = AdamRule.Of(3, 0.01, weightDecay: 0.1, options: StepOptions.DecoupledDecay),
        ["AdamW without decay"] = AdamRule.Of(3, 0.01, options: StepOptions.DecoupledDecay),
        ["pull"] = AdamRule.Of(5, 0.01, lambda: 3, options: StepOptions.Pull),
        ["mask"] = AdamRule.Of(5, 0.01, options: StepOptions.Mask),
        ["everything"] = AdamRule.Of(7, 0.01, weightDecay: 0.01, lambda: 3, options: StepOptions.Pull | StepOptions.PullValue | StepOptions.Mask),
        ["everything in AdamW"] = AdamRule.Of(7, 0.01, weightDecay: 0.01, lambda: 3, options: StepOptions.Pull | StepOptions.PullValue | StepOptions.Mask | StepOptions.DecoupledDecay),
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

    internal static AdamRule Rule(string name) => Rules[name];

    /// <summary>The fields that a rule leaves alone hold NaN, so that a result they get into shows. Squares are at least 0.01, or zero before the first step.</summary>
    internal static SegmentMemory Draw(string name, string lengths, Func<int, uint, float[]>? draw = null)
    {
        AdamRule rule = Rule(name);
        bool starts = name == "first step" && draw is null;
        draw ??= Samples.Uniform;
        var memory = new SegmentMemory(SegmentMemory.Parse(lengths), AdamStep.Fields, shift: -1).With(Weight, draw, 1).With(Gradient, draw, 2);
        for (int field = Mean; field < AdamStep.Fields; field++)
            memory.With(field, !Uses(rule, field) ? (count, _) => [.. Enumerable.Repeat(float.NaN, count)] : field switch
            {
                Mean or Square when starts => (count, _) => new float[count],
                Square => (count, seed) => [.. draw(count, seed).Select(value => 0.01f + MathF.Abs(value))],
                Hold => (count, seed) => [.. draw(count, seed).Select(MathF.Abs)],
                Mask => (count, seed) => [.. Samples.Uniform(count, seed).Select(value => value < 0 ? 0f : 1f)],
                _ => draw,
            }, (uint)field + 1);
        return memory;
    }

    internal static bool Uses(AdamRule rule, int field) => field switch
    {
        Start or Hold => AdamRule.Has(rule, StepOptions.Pull),
        Mask => AdamRule.Has(rule, StepOptions.Mask),
        _ => true,
    };

    /// <summary>Copies the memory, steps, and checks that the fields that are only read stay as they were.</summary>
    internal static (float[] Weight, float[] Mean, float[] Square, double Value) Cpu(SegmentMemory memory, AdamRule rule)
    {
        using SegmentMemory copy = memory.Clone(shift: -1);
        double value = AdamStep.Cpu(copy.Segments, rule);
        foreach (int field in new[] { Gradient, Start, Hold, Mask })
            Assert.Equal(memory.Field(field), copy.Field(field));
        return (copy.Field(Weight), copy.Field(Mean), copy.Field(Square), value);
    }

    /// <summary>
    /// As torch.optim.Adam: gradient plus pull, weight decay, moments, step. The last two results are the sizes of the numbers that the mean
    /// is the sum of, and of the step they would give.
    /// </summary>
    internal static (T Weight, T Mean, T Square, T Magnitude, T Reach) Step<T>(AdamRule rule, float weight, float gradient, float mean, float square, float start, float hold, float mask)
        where T : INumber<T>, IRootFunctions<T>
    {
        T w = T.CreateChecked(weight), g = T.CreateChecked(gradient), m = T.CreateChecked(mean), v = T.CreateChecked(square), magnitude = T.Abs(g);
        if (Uses(rule, Start))
        {
            T moved = w - T.CreateChecked(start);
            T held = T.CreateChecked(hold) * moved;
            held = T.CreateChecked(rule.Lambda) * held;
            g += held;
            magnitude += T.Abs(held);
        }
        T decay = T.CreateChecked(rule.Decay);
        if (AdamRule.Has(rule, StepOptions.DecoupledDecay))
            w *= decay;
        else if (decay != T.Zero)
        {
            decay *= w;
            g += decay;
            magnitude += T.Abs(decay);
        }
        magnitude = T.Abs(m) + T.CreateChecked(rule.Share1) * magnitude;
        m *= T.CreateChecked(rule.Beta1);
        T share = T.CreateChecked(rule.Share1) * g;
        m += share;
        v *= T.CreateChecked(rule.Beta2);
        share = T.CreateChecked(rule.Share2) * g;
        share *= g;
        v += share;
        T deviation = T.Sqrt(v);
        deviation /= T.CreateChecked(rule.SquareRoot);
        deviation += T.CreateChecked(rule.Epsilon);
        T step = T.CreateChecked(rule.Rate) * m;
        step /= deviation;
        w -= step;
        return Uses(rule, Mask) && mask == 0
            ? (T.CreateChecked(weight), T.CreateChecked(mean), T.CreateChecked(square), T.Zero, T.Zero)
            : (w, m, v, magnitude, T.CreateChecked(rule.Rate) * magnitude / deviation);
    }

    internal static (T Weight, T Mean, T Square, T Magnitude, T Reach)[] Steps<T>(AdamRule rule, SegmentMemory memory) where T : INumber<T>, IRootFunctions<T>
    {
        float[][] f = [.. Enumerable.Range(0, AdamStep.Fields).Select(memory.Field)];
        return [.. Enumerable.Range(0, f[0].Length).Select(i => Step<T>(rule, f[0][i], f[1][i], f[2][i], f[3][i], f[4][i], f[5][i], f[6][i]))];
    }
}
