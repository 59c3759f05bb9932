namespace Lacuna.Methods.ForgetVector;

/// <summary>How the data terms of <see cref="ForgetVectorLoss"/> are weighed.</summary>
/// <param name="Alpha">Weight of the cross-entropy on retain rows.</param>
/// <param name="Beta">Weight of the margin hinge on forget rows.</param>
/// <param name="Tau">Margin of the hinge.</param>
public readonly record struct ForgetVectorWeights(double Alpha, double Beta, double Tau);
