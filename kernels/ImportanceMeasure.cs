namespace Lacuna.Kernels;

/// <summary>What a gradient adds to a weight's importance.</summary>
public enum ImportanceMeasure
{
    /// <summary>Its absolute value: memory-aware synapses (Aljundi et al. 2018, equation 3).</summary>
    Absolute,
    /// <summary>Its square: the diagonal of the Fisher information.</summary>
    Squared,
}
