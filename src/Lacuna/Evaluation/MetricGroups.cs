namespace Lacuna.Evaluation;

/// <summary>What is measured of a model besides the table's figures, accuracies and prediction matrices, which cost nothing more than the forward passes.</summary>
[Flags]
public enum MetricGroups
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary>Every membership attack that needs one model, and not the table's alone.</summary>
    Membership = 1,

    /// <summary>KL and JS of the outputs to the oracle's.</summary>
    Divergence = 2,

    /// <summary>ZRF, which needs an untrained network's forward pass over the forget images.</summary>
    Zrf = 4,

    /// <summary>Everything.</summary>
    All = Membership | Divergence | Zrf,
}
