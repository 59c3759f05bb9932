namespace Lacuna.Evaluation;

/// <summary>
/// Settings of <see cref="RbfSvc"/>. The defaults are those of the membership inference attack of the unlearning
/// literature: scikit-learn's <c>SVC(C=3, gamma='auto', kernel='rbf')</c>, where 'auto' is 1 over the number of
/// features and the attack has one feature.
/// </summary>
public sealed record RbfSvcOptions
{
    public static RbfSvcOptions Default { get; } = new();

    /// <summary>Upper bound of every dual coefficient; the penalty of a margin violation.</summary>
    public double C { get; init; } = 3;

    /// <summary>Kernel k(x, z) = exp(-Gamma (x - z)^2), in 1 / (unit of the feature)^2.</summary>
    public double Gamma { get; init; } = 1;

    /// <summary>The solver stops when the most violating pair violates the optimality conditions by less than this.</summary>
    public double Tolerance { get; init; } = 1e-3;

    internal void Check()
    {
        RequirePositive(C, nameof(C));
        RequirePositive(Gamma, nameof(Gamma));
        RequirePositive(Tolerance, nameof(Tolerance));
    }

    private static void RequirePositive(double value, string name)
    {
        if (!(value > 0) || double.IsInfinity(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"RbfSvcOptions.{name} must be positive and finite.");
        }
    }
}
