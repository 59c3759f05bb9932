namespace Lacuna.Methods;

/// <summary>What a weight's importance is measured with.</summary>
public enum ImportanceKind
{
    /// <summary>Memory-aware synapses: mean over samples of |d ||f(x_i)||_2 / dp| (Aljundi et al. 2018, with the norm not squared).</summary>
    MasPerSample,

    /// <summary>The form of L2UL's published code: mean over batches of |d mean_b ||f(x)||_2 / dp|, where signs cancel inside a batch.</summary>
    MasBatch,

    /// <summary>Diagonal of the empirical Fisher information: mean over samples of (d CE(x_i) / dp)^2.</summary>
    FisherPerSample,

    /// <summary>The form of the SSD code: mean over batches of the squared gradient of the batch-mean cross-entropy.</summary>
    FisherBatch,
}
