namespace Lacuna.Evaluation;

/// <summary>How far a model's softmax outputs lie from the retrained model's on the same images; mean over images, in nats. 0 only for equal outputs.</summary>
/// <param name="KullbackLeibler">KL(oracle ‖ model): what is lost by taking the model's outputs for the oracle's. No upper bound.</param>
/// <param name="JensenShannon">The symmetric form, at most ln 2: not ruled by the few images on which the model is sure and wrong.</param>
public sealed record OracleDivergence(SetFigures KullbackLeibler, SetFigures JensenShannon)
{
    /// <summary>Over the three sets.</summary>
    public static OracleDivergence Of(SplitPredictions model, SplitPredictions oracle)
    {
        SetFigures Means(Func<Predictions, Predictions, double> sum) => new(
            Mean(sum(oracle.Forget, model.Forget), model.Forget.Count),
            Mean(sum(oracle.Retain, model.Retain), model.Retain.Count),
            Mean(sum(oracle.Test, model.Test) + sum(oracle.TestForget, model.TestForget), model.Test.Count + model.TestForget.Count));
        return new(Means(Divergence.KullbackLeibler), Means(Divergence.JensenShannon));
    }

    private static double? Mean(double sum, int count) => count == 0 ? null : sum / count;
}
