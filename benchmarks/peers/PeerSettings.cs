namespace Lacuna.Peers;

/// <summary>What rows must have in common to stand in one table.</summary>
/// <param name="Repeats">Repetitions in turns.</param>
/// <param name="Batch">Images a step.</param>
/// <param name="Compared">Images on which results are compared; null for each network's own number.</param>
/// <param name="ImportanceImages">Images whose own gradients make the importance.</param>
/// <param name="Instances">Instance-wise: images to forget.</param>
/// <param name="Attacks">Instance-wise: attacks an image.</param>
/// <param name="AttackSteps">Instance-wise: steps an attack.</param>
internal sealed record PeerSettings(int Repeats, int Batch, int? Compared, int ImportanceImages, int Instances, int Attacks, int AttackSteps);
