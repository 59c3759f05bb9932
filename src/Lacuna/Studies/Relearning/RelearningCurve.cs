namespace Lacuna.Studies.Relearning;

/// <summary>How a model learned the forget images again.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Accuracy">Forget accuracy in percent before the first step and after each.</param>
/// <param name="Steps">Steps until the target was reached; null when the cap came first.</param>
public sealed record RelearningCurve(string Model, IReadOnlyList<double> Accuracy, int? Steps)
{
    /// <summary>
    /// Anamnesis index: steps over the oracle's, as text; "> x" where this model met the cap, "&lt; x" where the oracle did, empty where neither says anything.
    /// </summary>
    /// <param name="oracle">The retrained model's; null where there is none.</param>
    /// <param name="cap">Steps at most.</param>
    /// <param name="number">How a number is written.</param>
    public string AnamnesisIndex(RelearningCurve? oracle, int cap, Func<double, string> number) => (Steps, oracle?.Steps) switch
    {
        _ when oracle is null => "",
        ({ } own, { } retrained) when retrained > 0 => number((double)own / retrained),
        (null, { } retrained) when retrained > 0 => "> " + number((double)cap / retrained),
        ({ } own, null) => "< " + number((double)own / cap),
        _ => "",
    };
}
