namespace Lacuna.Evaluation;

/// <summary>
/// Support vector machine with a Gaussian kernel on rows of several features: what scikit-learn's <c>SVC(kernel='rbf')</c> computes for
/// labels 1 (positives) and 0 (negatives). The solver is that of <see cref="RbfSvc"/>, along libsvm's path; kernel rows are made whole and kept.
/// </summary>
public sealed class RbfVectorSvc
{
    private readonly KernelRows? vectors;
    private readonly double[] coefficients;
    private readonly int dimensions;

    private RbfVectorSvc(VectorProblem problem, SmoSolver solver, int dimensions)
    {
        this.dimensions = dimensions;
        (Intercept, Iterations) = (solver.Rho, solver.Iterations);
        int[] support = [.. Enumerable.Range(0, problem.Count).Where(id => solver.Alpha[id] > 0)];
        coefficients = Array.ConvertAll(support, id => problem.Sign(id) * solver.Alpha[id]);
        double[] points = [.. support.SelectMany(id => problem.Points.Skip(id * dimensions).Take(dimensions))];
        if (support.Length > 0) { vectors = new KernelRows(points, dimensions, problem.Gamma); }
    }

    /// <summary>Number of training points with a dual coefficient above zero.</summary>
    public int SupportVectors => coefficients.Length;

    /// <summary>Steps of the solver; scikit-learn's <c>n_iter_</c>.</summary>
    public int Iterations { get; }

    /// <summary>scikit-learn's <c>intercept_</c>.</summary>
    public double Intercept { get; }

    /// <summary>Fits the machine.</summary>
    /// <param name="positives">[P, K] of label 1, row by row; in the attack, members.</param>
    /// <param name="negatives">[N, K] of label 0.</param>
    /// <param name="dimensions">K.</param>
    /// <param name="options">Settings; null for C 3 and Gamma 1 / K, scikit-learn's 'auto'.</param>
    /// <exception cref="ArgumentException">A class is empty, a length is no multiple of K, or a feature is not finite.</exception>
    /// <exception cref="InvalidOperationException">The tolerance was not reached in ten million steps.</exception>
    public static RbfVectorSvc Fit(ReadOnlySpan<double> positives, ReadOnlySpan<double> negatives, int dimensions, RbfSvcOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        options ??= RbfSvcOptions.Default with { Gamma = 1.0 / dimensions };
        options.Check();
        CheckRows(positives, dimensions, "positive", nameof(positives));
        CheckRows(negatives, dimensions, "negative", nameof(negatives));
        if (positives.IsEmpty || negatives.IsEmpty) { throw new ArgumentException("There must be at least one row of each class."); }
        var problem = new VectorProblem(positives, negatives, dimensions, options);
        var solver = new SmoSolver(problem);
        solver.Solve();
        return new RbfVectorSvc(problem, solver, dimensions);
    }

    /// <summary>Values of the decision function, positive on the side of the positive class.</summary>
    /// <param name="rows">[T, K], row by row.</param>
    /// <exception cref="ArgumentException">The length is no multiple of K, or a feature is not finite.</exception>
    public double[] Decisions(ReadOnlySpan<double> rows)
    {
        CheckRows(rows, dimensions, "target", nameof(rows));
        double[] decisions = new double[rows.Length / dimensions];
        Array.Fill(decisions, Intercept);
        if (vectors is null) { return decisions; }
        double[] targets = rows.ToArray();
        Parallel.For(0, decisions.Length, () => new double[2 * vectors.Count], (t, _, work) =>
        {
            decisions[t] -= vectors.Sum(targets.AsSpan(t * dimensions, dimensions), coefficients, work);
            return work;
        }, _ => { });
        return decisions;
    }

    /// <summary>True for the positive class. A decision value of exactly zero is positive, as in libsvm's vote.</summary>
    /// <param name="rows">[T, K], row by row.</param>
    public bool[] Predict(ReadOnlySpan<double> rows) => Array.ConvertAll(Decisions(rows), decision => decision >= 0);

    private static void CheckRows(ReadOnlySpan<double> rows, int dimensions, string name, string argument)
    {
        if (rows.Length % dimensions != 0) { throw new ArgumentException($"{rows.Length} {name} features are no whole rows of {dimensions}.", argument); }
        for (int k = 0; k < rows.Length; k++)
        {
            if (!(Math.Abs(rows[k]) <= 1e150)) { throw new ArgumentException($"Feature {k % dimensions} of {name} row {k / dimensions} is {rows[k]:R}: features must be finite. Check the logits they come from.", argument); }
        }
    }
}
