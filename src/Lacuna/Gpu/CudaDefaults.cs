using static TorchSharp.torch;

namespace Lacuna.Gpu;

/// <summary>What holds for the whole process where it computes on a CUDA device.</summary>
public static class CudaDefaults
{
    /// <summary>
    /// float32 products stay float32: libtorch by itself lets cuDNN round their factors to TF32. And where the stack can tell it to, cuDNN times its algorithms on every shape of a convolution that
    /// comes for the first time and takes the fastest from then on: batches have one size, or two with a short last one. Algorithms differ in rounding, and the choice may differ from run to run.
    /// </summary>
    public static void Apply(ITensorStack stack)
    {
        (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = (false, false);
        if (stack.HasConvolutionSearch) stack.SearchesConvolutions = true;
    }
}
