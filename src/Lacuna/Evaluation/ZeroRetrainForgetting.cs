namespace Lacuna.Evaluation;

/// <summary>
/// ZRF (Chundawat et al. 2023, arXiv 2205.08096, section 5): 1 - mean over the forget images of JS(model, random network), the divergence in bits so that it lies in [0, 1].
/// Near 1 the model is as clueless about the forget images as a network that was never trained.
/// </summary>
/// <remarks>
/// The published code takes the mean of <c>kl_div</c> over images and classes at once, which divides by the number of classes, works in nats, and its arguments
/// make it KL(m ‖ p) where the formula has KL(p ‖ m). Its values lie far nearer to 1 than the formula's, and cannot be compared with these.
/// </remarks>
public static class ZeroRetrainForgetting
{
    /// <summary>The score; null without images.</summary>
    /// <param name="model">On the forget images.</param>
    /// <param name="random">Of a network of the same make with random weights, on the same images.</param>
    public static double? Score(Predictions model, Predictions random) =>
        model.Count == 0 ? null : 1 - Divergence.JensenShannon(model, random) / (Math.Log(2) * model.Count);
}
