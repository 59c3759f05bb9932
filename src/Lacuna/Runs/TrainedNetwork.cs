using Lacuna.Models;

namespace Lacuna.Runs;

/// <summary>A network that was trained, now or before.</summary>
/// <param name="Model">Belongs to whoever asked for it.</param>
/// <param name="Seconds">What the training took, when it was done.</param>
/// <param name="Losses">Mean loss of every epoch.</param>
public sealed record TrainedNetwork(Classifier Model, double Seconds, IReadOnlyList<double> Losses);
