using Lacuna.Kernels;

namespace Kernels.Tests;

/// <summary>Gradients of a batch, a forget vector and its momentum, and one step in float64 with its rounding-error bound.</summary>
internal sealed class ForgetVectorStepCase
{
    internal readonly int Rows, Elements;
    internal readonly float[] Gradient, Delta, Momentum;
    internal readonly ForgetVectorStep Step;

    internal ForgetVectorStepCase(int rows, int elements, ForgetVectorPenalty penalty, bool specials = false)
    {
        (Rows, Elements) = (rows, elements);
        Gradient = specials ? Samples.WithSpecials(rows * elements, 1) : Samples.Uniform(rows * elements, 1);
        Delta = Samples.Uniform(elements, 2);
        Momentum = Samples.Uniform(elements, 3);
        Step = new(penalty, 0.3f, 0.2f, 0.9f, 5e-3f);
    }

    public static TheoryData<int, int, ForgetVectorPenalty> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, ForgetVectorPenalty>();
            foreach (int elements in new[] { 0, 1, 7, 31, 32, 33, 100, 257 })
                foreach (int rows in new[] { 1, 3, 4, 70 })
                    foreach (ForgetVectorPenalty penalty in Enum.GetValues<ForgetVectorPenalty>())
                        shapes.Add(rows, elements, penalty);
            return shapes;
        }
    }

    /// <param name="delta">After the step.</param>
    /// <param name="momentum">After the step.</param>
    /// <param name="sumRoundings">Roundings of the sum over the batch, relative to the sum of magnitudes.</param>
    /// <param name="normRoundings">Roundings of delta's norm.</param>
    internal void Agrees(float[] delta, float[] momentum, double sumRoundings, double normRoundings = 2)
    {
        double norm = Math.Sqrt(Delta.Sum(value => (double)value * value));
        for (int i = 0; i < Elements; i++)
        {
            double sum = 0, magnitude = 0, v = Delta[i];
            for (int n = 0; n < Rows; n++)
            {
                sum += Gradient[n * Elements + i];
                magnitude += Math.Abs(Gradient[n * Elements + i]);
            }
            double penalty = Step.Lambda * (Step.Penalty == ForgetVectorPenalty.Squared ? 2 * v : norm > 0 ? v / (norm * Rows) : 0);
            double m = Step.Momentum * (double)Momentum[i] + (sum + penalty + Step.WeightDecay * v);
            double bound = Near.Rounding * 1.01 * (sumRoundings * magnitude
                + 6 * (Math.Abs(sum) + Math.Abs(Step.WeightDecay * v) + Math.Abs(Step.Momentum * Momentum[i])) + (6 + normRoundings) * Math.Abs(penalty)) + float.Epsilon;
            Near.Equal(m, momentum[i], bound);
            double stepped = v - Step.LearningRate * m;
            Near.Equal(stepped, delta[i], Step.LearningRate * bound + 2 * Near.Rounding * (Math.Abs(stepped) + Math.Abs(Step.LearningRate * m)));
        }
    }
}
