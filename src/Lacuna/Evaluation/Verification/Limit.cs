namespace Lacuna.Evaluation.Verification;

/// <summary>How close a recomputed value must come to the reference.</summary>
public enum Limit
{
    /// <summary>|error| ≤ 1e-4 |value| + 1e-6 of the tensor's largest absolute value: values of the forward pass.</summary>
    Forward,

    /// <summary>|error| ≤ 1e-4 |value| + 1e-5 of the tensor's largest absolute value: all that has passed through a gradient.</summary>
    Gradient,

    /// <summary>
    /// At most 3 % of the elements differ by more than 1e-3, and every image stays in [0,1] and in its ball: attacks take a
    /// sign or cross kinks at each step and amplify rounding.
    /// </summary>
    Attack,

    /// <summary>Every element equal: decisions.</summary>
    Exact,
}
