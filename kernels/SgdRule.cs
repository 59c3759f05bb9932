namespace Lacuna.Kernels;

/// <summary>
/// Stochastic gradient descent as PyTorch's torch.optim.SGD does it, for one weight, in float32 and in the order of its operators:
/// <code>
/// d = g + lambda * (hold * (p - start))        with a pull
/// d = d + weightDecay * p                      unless weightDecay is 0
/// v = d the first time, then momentum * v + share * d;  d = v, or d + momentum * v by Nesterov      unless momentum is 0
/// p = p - learningRate * d
/// </code>
/// share is 1 - dampening. PyTorch fuses some of the products with their sums, so the two agree to a few units in the last place.
/// </summary>
public readonly struct SgdRule(float learningRate, float momentum, float share, float weightDecay, float lambda, int options)
{
    /// <summary>How far along the direction the weight moves.</summary>
    public readonly float LearningRate = learningRate;
    /// <summary>How much of the last step's buffer stays; 0 for none, and then the buffer is not touched.</summary>
    public readonly float Momentum = momentum;
    /// <summary>How much of the gradient joins the buffer.</summary>
    public readonly float Share = share;
    /// <summary>How much of the weight joins the gradient.</summary>
    public readonly float WeightDecay = weightDecay;
    /// <summary>Strength of the pull.</summary>
    public readonly float Lambda = lambda;
    /// <summary><see cref="StepOptions"/> as kernels take them.</summary>
    public readonly int Options = options;

    /// <summary>The rule with its numbers rounded as PyTorch rounds them when they meet a float32 tensor.</summary>
    public static SgdRule Of(double learningRate, double momentum = 0, double dampening = 0, double weightDecay = 0, double lambda = 0, StepOptions options = StepOptions.None) =>
        new((float)learningRate, (float)momentum, (float)(1 - dampening), (float)weightDecay, (float)lambda, (int)options);

    /// <summary>Whether the rule has an option.</summary>
    public static bool Has(SgdRule rule, StepOptions option) => (rule.Options & (int)option) != 0;

    /// <summary>Weight and momentum buffer after the step. On the host and in kernels.</summary>
    internal static (float Weight, float Velocity) Next(SgdRule rule, float weight, float gradient, float velocity, float start, float hold, float mask)
    {
        if (Has(rule, StepOptions.Mask) && mask == 0)
            return (weight, velocity);
        float d = gradient;
        if (Has(rule, StepOptions.Pull))
            d += rule.Lambda * (hold * (weight - start));
        if (rule.WeightDecay != 0)
            d += rule.WeightDecay * weight;
        if (rule.Momentum != 0)
        {
            velocity = Has(rule, StepOptions.FirstStep) ? d : rule.Momentum * velocity + rule.Share * d;
            d = Has(rule, StepOptions.Nesterov) ? d + rule.Momentum * velocity : velocity;
        }
        return (weight - rule.LearningRate * d, velocity);
    }
}
