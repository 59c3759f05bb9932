namespace Lacuna.Kernels;

/// <summary>How the size of the forget vector is penalised.</summary>
public enum DeltaPenalty
{
    /// <summary>||delta||_2 / N; its gradient at delta = 0 is taken as 0.</summary>
    Norm,
    /// <summary>||delta||_2^2.</summary>
    Squared,
}
