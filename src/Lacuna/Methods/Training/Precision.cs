namespace Lacuna.Methods.Training;

/// <summary>In what type training multiplies. Weights, gradients, batch norms' statistics, loss and optimiser are float32 throughout.</summary>
public enum Precision
{
    /// <summary>Everything in float32, TF32 put out, which libtorch allows cuDNN by default.</summary>
    Float32,

    /// <summary>float32 tensors, of which a CUDA GPU's matrix units round the factors to 10 bits of mantissa (TF32) where they have that type: Ampere and later.</summary>
    Tf32,

    /// <summary>Convolutions and matrix products in bfloat16, 7 bits of mantissa, by autocast.</summary>
    Bf16,
}
