namespace Lacuna.Studies.Sensitivity;

/// <summary>One line of the study's table: a model on forget images or on retain images.</summary>
/// <param name="Subject">The model.</param>
/// <param name="Set">"forget" or "retain".</param>
/// <param name="Images">Images with finite norms, over which the medians are taken.</param>
/// <param name="TargetMedian">Median of ||grad_x f_c||_F.</param>
/// <param name="IrrelevantMedian">Median of the mean of ||grad_x f_c'||_F.</param>
/// <param name="DifferenceMedian">Median of d(x), their difference.</param>
/// <param name="AboveZeroPercent">Share of images whose target logit is the more sensitive one, d(x) above 0.</param>
/// <param name="RosePercent">Share of images whose d(x) is above that before training; of the original only.</param>
/// <param name="FellPercent">Share of images whose d(x) is below that of the original; of the models after it.</param>
public sealed record SensitivitySummary(
    string Subject, string Set, int Images, double TargetMedian, double IrrelevantMedian, double DifferenceMedian, double AboveZeroPercent, double? RosePercent, double? FellPercent);
