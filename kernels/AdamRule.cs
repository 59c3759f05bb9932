using ILGPU.Algorithms;

namespace Lacuna.Kernels;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1) and AdamW (Loshchilov and Hutter 2019) as PyTorch's torch.optim does them, for one weight, in float32
/// and in the order of its operators:
/// <code>
/// g = g + lambda * (hold * (p - start))         with a pull
/// Adam: g = g + decay * p, AdamW: p = decay * p        where there is weight decay
/// m = beta1 * m + share1 * g,    v = beta2 * v + share2 * g * g
/// p = p - rate * m / (sqrt(v) / squareRoot + epsilon)
/// </code>
/// share = 1 - beta, rate = learningRate / (1 - beta1^t), squareRoot = sqrt(1 - beta2^t) at step t = 1, 2, ...; AdamW's decay = 1 - learningRate * weightDecay.
/// PyTorch fuses some of the products with their sums, so the two agree to a few units in the last place.
/// </summary>
public readonly struct AdamRule(
    float rate, float beta1, float share1, float beta2, float share2, float squareRoot, float epsilon, float decay, float lambda, int options)
{
    /// <summary>Learning rate, with the mean's start at zero made up for.</summary>
    public readonly float Rate = rate;
    /// <summary>How much of the running mean stays.</summary>
    public readonly float Beta1 = beta1;
    /// <summary>How much of the gradient joins the mean.</summary>
    public readonly float Share1 = share1;
    /// <summary>How much of the running square stays.</summary>
    public readonly float Beta2 = beta2;
    /// <summary>How much of the squared gradient joins the square.</summary>
    public readonly float Share2 = share2;
    /// <summary>What makes up for the square's start at zero.</summary>
    public readonly float SquareRoot = squareRoot;
    /// <summary>Added to the deviation that the step is divided by.</summary>
    public readonly float Epsilon = epsilon;
    /// <summary>How much of the weight joins the gradient, 0 for none; with <see cref="StepOptions.DecoupledDecay"/> how much of the weight stays, 1 for all.</summary>
    public readonly float Decay = decay;
    /// <summary>Strength of the pull.</summary>
    public readonly float Lambda = lambda;
    /// <summary><see cref="StepOptions"/> as kernels take them.</summary>
    public readonly int Options = options;

    /// <summary>The rule of step <paramref name="step"/> = 1, 2, ..., with its numbers rounded as PyTorch rounds them when they meet a float32 tensor.</summary>
    public static AdamRule Of(long step, double learningRate = 0.001, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0,
        double lambda = 0, StepOptions options = StepOptions.None)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        double decay = (options & StepOptions.DecoupledDecay) != 0 ? 1 - learningRate * weightDecay : weightDecay;
        return new((float)(learningRate / (1 - Math.Pow(beta1, step))), (float)beta1, (float)(1 - beta1), (float)beta2, (float)(1 - beta2),
            (float)Math.Sqrt(1 - Math.Pow(beta2, step)), (float)epsilon, (float)decay, (float)lambda, (int)options);
    }

    /// <summary>Whether the rule has an option.</summary>
    public static bool Has(AdamRule rule, StepOptions option) => (rule.Options & (int)option) != 0;

    /// <summary>Weight and running moments after the step. On the host and in kernels.</summary>
    internal static (float Weight, float Mean, float Square) Next(AdamRule rule, float weight, float gradient, float mean, float square, float start, float hold, float mask)
    {
        if (Has(rule, StepOptions.Mask) && mask == 0)
            return (weight, mean, square);
        if (Has(rule, StepOptions.Pull))
            gradient += rule.Lambda * (hold * (weight - start));
        if (Has(rule, StepOptions.DecoupledDecay))
            weight *= rule.Decay;
        else if (rule.Decay != 0)
            gradient += rule.Decay * weight;
        mean = rule.Beta1 * mean + rule.Share1 * gradient;
        square = rule.Beta2 * square + rule.Share2 * gradient * gradient;
        return (weight - rule.Rate * mean / (XMath.Sqrt(square) / rule.SquareRoot + rule.Epsilon), mean, square);
    }
}
