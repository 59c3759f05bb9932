using Lacuna.Kernels;

namespace Kernels.Tests;

/// <summary>Images of either type, results of either type, clamp and channels; and what plain float32 arithmetic makes of them.</summary>
internal sealed unsafe class ForgetVectorTypesCase
{
    internal readonly ForgetVectorShape Shape;
    internal readonly ForgetVectorOutput Output;
    internal readonly bool HalfResult;
    internal readonly byte[]? Bytes;
    internal readonly float[] X, Delta, Weights, Mean, Deviation;

    /// <param name="form">Plain, Clamp, Planes or Interleaved; the latter two clamp and normalise three channels.</param>
    internal ForgetVectorTypesCase(int samples, int elements, int vectors, bool perSample, bool bytes, bool halfResult, string form, bool specials = false)
    {
        Shape = new(samples, elements, vectors, perSample);
        HalfResult = halfResult;
        int channels = form is "Planes" or "Interleaved" ? 3 : 0;
        Output = form == "Plain" ? ForgetVectorOutput.Plain : new(-0.25f, 0.75f, channels, form == "Planes" ? Math.Max(1, (elements + 2) / 3) : 1);
        Delta = specials ? Samples.WithSpecials(vectors * elements, 2) : Samples.Uniform(vectors * elements, 2);
        Weights = Samples.Uniform((int)Shape.Weights, 3);
        Mean = [.. Samples.Uniform(channels, 4)];
        Deviation = [.. Samples.Uniform(channels, 5).Select(value => 1.5f + value)];
        X = specials ? Samples.WithSpecials(samples * elements, 1) : Samples.Uniform(samples * elements, 1);
        if (!bytes)
            return;
        Bytes = [.. X.Select((value, i) => (byte)(i < 256 ? i : MathF.Round(127.5f + 127.5f * value)))];
        X = [.. Bytes.Select(pixel => pixel / 255f)];
    }

    public static TheoryData<bool, bool, string> Forms
    {
        get
        {
            var forms = new TheoryData<bool, bool, string>();
            foreach (bool bytes in new[] { false, true })
                foreach (bool half in new[] { false, true })
                    foreach (string form in new[] { "Plain", "Clamp", "Planes", "Interleaved" })
                        forms.Add(bytes, half, form);
            return forms;
        }
    }

    internal float[] Expected()
    {
        var expected = new float[X.Length];
        long elements = Shape.Elements;
        for (int at = 0; at < X.Length; at++)
        {
            long n = at / elements, i = at % elements, w = n * Shape.WeightStride;
            float shift = Weights[w] * Delta[i];
            for (int k = 1; k < Shape.Vectors; k++)
                shift += Weights[w + k] * Delta[k * elements + i];
            float value = X[at] + shift;
            value = float.IsNaN(value) ? value : Math.Clamp(value, Output.Low, Output.High);
            if (Output.Channels > 0)
                value = (value - Mean[i / Output.Plane % Output.Channels]) / Deviation[i / Output.Plane % Output.Channels];
            expected[at] = HalfResult ? BFloat16.ToSingle(BFloat16.FromSingle(value)) : value;
        }
        return expected;
    }

    internal float[] Cpu()
    {
        var floats = new float[HalfResult ? 0 : X.Length];
        var halves = new ushort[HalfResult ? X.Length : 0];
        fixed (byte* b = Bytes)
        fixed (ushort* h = halves)
        fixed (float* x = X, d = Delta, w = Weights, m = Mean, s = Deviation, f = floats)
        {
            if (Bytes is null && !HalfResult)
                ForgetVectorApplication.Cpu(x, d, w, f, Shape, Output, m, s);
            else if (Bytes is null)
                ForgetVectorApplication.Cpu(x, d, w, h, Shape, Output, m, s);
            else if (!HalfResult)
                ForgetVectorApplication.Cpu(b, d, w, f, Shape, Output, m, s);
            else
                ForgetVectorApplication.Cpu(b, d, w, h, Shape, Output, m, s);
        }
        return HalfResult ? [.. halves.Select(BFloat16.ToSingle)] : floats;
    }
}
