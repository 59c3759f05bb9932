using System.Globalization;
using System.Numerics.Tensors;
using Lacuna.Methods;
using Lacuna.Numerics;

namespace Lacuna.Evaluation.Corruptions;

/// <summary>clip(x + deviation * N(0, 1), 0, 1), every channel of every pixel drawn for itself (Hendrycks and Dietterich 2019).</summary>
/// <param name="Deviation">In units of [0,1].</param>
public sealed record GaussianNoise(double Deviation) : Corruption
{
    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"noise {Deviation}");

    /// <summary>Throws with a clear message when the deviation makes no sense.</summary>
    public void Validate() => Check.Positive(Deviation, nameof(Deviation));

    internal override Corruptor For(int channels, int height, int width) => new Noise((float)Deviation, channels * height * width);

    private sealed class Noise(float deviation, int length) : Corruptor
    {
        private readonly float[] _normals = new float[length];

        public override void Apply(Span<float> image, DrawSource draws, int part, int row)
        {
            // Every strength has the same draws: what differs between two strengths is the strength.
            draws.FillNormal(_normals, DrawPurpose.GaussianNoise, part, row);
            TensorPrimitives.MultiplyAdd(_normals, deviation, image, image);
            TensorPrimitives.Clamp(image, 0f, 1f, image);
        }
    }
}
