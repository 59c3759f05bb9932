namespace Lacuna.Evaluation.Membership;

/// <summary>
/// Logistic regression on one feature, both classes weighing the same in all: the minimum that scikit-learn's
/// <c>LogisticRegression(class_weight='balanced', C=1)</c> approaches,
/// w^2 / 2 + sum_i s_i log(1 + exp(-y_i (w x_i + b))) with s_i = N / (2 N_class).
/// </summary>
/// <param name="Weight">Per unit of the feature.</param>
/// <param name="Intercept">Not penalised.</param>
public readonly record struct BalancedLogisticRegression(double Weight, double Intercept)
{
    private const int MostSteps = 200;

    /// <summary>Positive where an image is taken for a member.</summary>
    public double Score(double feature) => Weight * feature + Intercept;

    /// <summary>Fits by Newton's method; the problem is convex and has two unknowns, so that a step costs one pass over the features.</summary>
    /// <exception cref="ArgumentException">A class is empty or a feature not finite.</exception>
    public static BalancedLogisticRegression Fit(IReadOnlyList<double> members, IReadOnlyList<double> nonMembers)
    {
        if (members.Count == 0 || nonMembers.Count == 0) throw new ArgumentException("Logistic regression needs at least one member and one non-member.");
        if (members.Concat(nonMembers).Any(x => !double.IsFinite(x))) throw new ArgumentException("A feature is not finite. Check the logits it comes from.");
        double all = members.Count + nonMembers.Count;
        (IReadOnlyList<double> Features, double Sign, double Share)[] classes =
            [(members, 1, all / (2.0 * members.Count)), (nonMembers, -1, all / (2.0 * nonMembers.Count))];
        var at = default(BalancedLogisticRegression);
        var loss = Loss(at, classes);
        for (var step = 0; step < MostSteps; step++)
        {
            var (dw, db) = NewtonStep(at, classes);
            if (Math.Abs(dw) + Math.Abs(db) <= 1e-13 * (1 + Math.Abs(at.Weight) + Math.Abs(at.Intercept))) break;
            // Near the minimum the loss is flat to its last digits while the step still gains some: equal to rounding is good enough.
            var next = new BalancedLogisticRegression(at.Weight - dw, at.Intercept - db);
            var nextLoss = Loss(next, classes);
            for (var size = 0.5; !(nextLoss <= loss * (1 + 1e-14)) && size > 1e-12; size /= 2)
            {
                next = new(at.Weight - size * dw, at.Intercept - size * db);
                nextLoss = Loss(next, classes);
            }
            (at, loss) = (next, nextLoss);
        }
        return at;
    }

    private static double Loss(BalancedLogisticRegression at, (IReadOnlyList<double> Features, double Sign, double Share)[] classes)
    {
        var sum = at.Weight * at.Weight / 2;
        foreach (var (features, sign, share) in classes)
        {
            var part = 0.0;
            foreach (var x in features)
            {
                var margin = sign * at.Score(x);
                part += Math.Max(0, -margin) + Math.Log(1 + Math.Exp(-Math.Abs(margin)));
            }
            sum += share * part;
        }
        return sum;
    }

    private static (double Weight, double Intercept) NewtonStep(BalancedLogisticRegression at, (IReadOnlyList<double> Features, double Sign, double Share)[] classes)
    {
        double gw = at.Weight, gb = 0, hww = 1, hwb = 0, hbb = 0;
        foreach (var (features, sign, share) in classes)
        {
            foreach (var x in features)
            {
                var probability = 1 / (1 + Math.Exp(-at.Score(x)));
                var slope = share * (probability - (sign > 0 ? 1 : 0));
                var curvature = share * probability * (1 - probability);
                gw += slope * x;
                gb += slope;
                hww += curvature * x * x;
                hwb += curvature * x;
                hbb += curvature;
            }
        }
        // A curvature that vanished by rounding would make the step infinite; the halving above does the rest.
        hbb = Math.Max(hbb, 1e-12);
        var determinant = Math.Max(hww * hbb - hwb * hwb, 1e-12 * hbb);
        return ((gw * hbb - gb * hwb) / determinant, (gb * hww - gw * hwb) / determinant);
    }
}
