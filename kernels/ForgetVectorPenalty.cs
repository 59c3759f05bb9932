namespace Lacuna.Kernels;

/// <summary>How the size of the forget vector is penalised, in a batch of N images.</summary>
public enum ForgetVectorPenalty
{
    /// <summary>||delta||_2 / N, as in the authors' code; its gradient at delta = 0 is taken as 0.</summary>
    Reference,

    /// <summary>||delta||_2^2, as in the paper.</summary>
    Squared,
}
