using System.Numerics.Tensors;

namespace Lacuna.Evaluation;

/// <summary>
/// Support vector machine with a Gaussian kernel on one feature: what scikit-learn's <c>SVC(kernel='rbf')</c> computes
/// for labels 1 (positives) and 0 (negatives), prediction for prediction, at a small fraction of its time on tens of
/// thousands of points.
/// </summary>
public sealed class RbfSvc
{
    private readonly double gamma, rho;
    private readonly double[] vectors, coefficients, alphas;
    private readonly int negatives;

    private RbfSvc(ScalarProblem problem, SmoSolver solver)
    {
        (gamma, rho, alphas, negatives) = (problem.Gamma, solver.Rho, solver.Alpha, problem.FirstCount);
        Iterations = solver.Iterations;
        int[] support = [.. Enumerable.Range(0, problem.Count).Where(id => alphas[id] > 0)];
        vectors = Array.ConvertAll(support, id => problem.X[id]);
        coefficients = Array.ConvertAll(support, id => problem.Sign(id) * alphas[id]);
    }

    /// <summary>Number of training points with a dual coefficient above zero.</summary>
    public int SupportVectors => vectors.Length;

    /// <summary>Steps of the solver; scikit-learn's <c>n_iter_</c>.</summary>
    public int Iterations { get; }

    /// <summary>Constant term of <see cref="Decision"/>; scikit-learn's <c>intercept_</c>.</summary>
    public double Intercept => rho;

    /// <summary>Dual coefficients of the positives in the order given, each in [0, C].</summary>
    public ReadOnlySpan<double> PositiveAlphas => alphas.AsSpan(negatives);

    /// <summary>Dual coefficients of the negatives in the order given, each in [0, C].</summary>
    public ReadOnlySpan<double> NegativeAlphas => alphas.AsSpan(0, negatives);

    /// <summary>Fits the machine.</summary>
    /// <param name="positives">Features of the class of label 1; in the attack, members.</param>
    /// <param name="negatives">Features of the class of label 0; in the attack, non-members.</param>
    /// <param name="options">Settings; null for <see cref="RbfSvcOptions.Default"/>.</param>
    /// <exception cref="ArgumentException">A class is empty, or a feature is not finite or above 1e150 in magnitude.</exception>
    /// <exception cref="ArgumentOutOfRangeException">C, Gamma or Tolerance is not positive and finite.</exception>
    /// <exception cref="InvalidOperationException">The tolerance was not reached in ten million steps.</exception>
    public static RbfSvc Fit(ReadOnlySpan<double> positives, ReadOnlySpan<double> negatives, RbfSvcOptions? options = null)
    {
        options ??= RbfSvcOptions.Default;
        options.Check();
        CheckFeatures(positives, nameof(positives), "positive");
        CheckFeatures(negatives, nameof(negatives), "negative");
        var problem = new ScalarProblem(positives, negatives, options);
        var solver = new SmoSolver(problem);
        solver.Solve();
        return new RbfSvc(problem, solver);
    }

    /// <summary>
    /// Value of the decision function, positive on the side of the positive class; scikit-learn's
    /// <c>decision_function</c>. Cost: one exponential a support vector.
    /// </summary>
    public double Decision(double feature)
    {
        // libsvm's first class is label 0, so its decision value has the opposite sign; its order of summation is kept.
        double sum = 0;
        for (int k = 0; k < vectors.Length; k++)
        {
            double difference = feature - vectors[k];
            sum += coefficients[k] * Math.Exp(-gamma * (difference * difference));
        }

        return rho - sum;
    }

    /// <summary>
    /// <see cref="Decision"/> of many features, from a fast sum whose error is far below what tells two samples apart (about 1e-9 C times the
    /// number of support vectors); equal features have equal values.
    /// </summary>
    /// <exception cref="ArgumentException">A feature is not finite.</exception>
    public double[] Decisions(ReadOnlySpan<double> features)
    {
        CheckFeatures(features, nameof(features), "target", emptyAllowed: true);
        double[] decisions = new double[features.Length];
        Array.Fill(decisions, rho);
        if (features.IsEmpty || vectors.Length == 0) { return decisions; }
        var table = TableFor(features);
        for (int k = 0; k < features.Length; k++) { decisions[k] -= table.Sum(features[k]); }
        return decisions;
    }

    /// <summary>True for the positive class. A decision value of exactly zero is positive, as in libsvm's vote.</summary>
    /// <exception cref="ArgumentException">The feature is not finite.</exception>
    public bool Predict(double feature)
    {
        if (!double.IsFinite(feature)) { throw NotFinite(nameof(feature), feature, "the feature"); }
        return Decision(feature) >= 0;
    }

    /// <summary>Predictions for many features: as <see cref="Predict(double)"/>, but a fast sum decides wherever its error allows.</summary>
    /// <exception cref="ArgumentException">A feature is not finite.</exception>
    public bool[] Predict(ReadOnlySpan<double> features)
    {
        CheckFeatures(features, nameof(features), "target", emptyAllowed: true);
        bool[] positive = new bool[features.Length];
        if (features.IsEmpty) { return positive; }
        if (vectors.Length == 0)
        {
            Array.Fill(positive, rho >= 0);
            return positive;
        }

        var table = TableFor(features);
        Dictionary<double, bool> close = []; // a boundary may run through a value that thousands of images share, such as a confidence of 1
        for (int k = 0; k < features.Length; k++)
        {
            double decision = rho - table.Sum(features[k]);
            if (Math.Abs(decision) > table.Error) { positive[k] = decision > 0; }
            else if (close.TryGetValue(features[k], out bool known)) { positive[k] = known; }
            else { positive[k] = close[features[k]] = Decision(features[k]) >= 0; }
        }

        return positive;
    }

    private DecisionTable TableFor(ReadOnlySpan<double> features) =>
        new(gamma, vectors, coefficients, TensorPrimitives.Min(features), TensorPrimitives.Max(features));

    private static void CheckFeatures(ReadOnlySpan<double> features, string argument, string name, bool emptyAllowed = false)
    {
        if (features.IsEmpty && !emptyAllowed)
        {
            throw new ArgumentException($"There are no {name} features: give at least one of each class.", argument);
        }

        for (int k = 0; k < features.Length; k++)
        {
            if (!(Math.Abs(features[k]) <= 1e150)) { throw NotFinite(argument, features[k], $"{name} feature {k}"); }
        }
    }

    private static ArgumentException NotFinite(string argument, double value, string what) =>
        new($"The value of {what} is {value:R}: features must be finite and at most 1e150 in magnitude. Check the logits they come from.", argument);
}
