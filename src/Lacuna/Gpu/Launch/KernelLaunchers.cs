namespace Lacuna.Gpu.Launch;

/// <summary>Finds what this build and machine can launch kernels with.</summary>
public static class KernelLaunchers
{
    /// <summary>Said where kernels could have done the work on CUDA but are not there.</summary>
    public const string NoneThere =
        "The kernels are not compiled, so the tensor library's operators do their work on CUDA. Give a folder of them with --ptx DIR, or build with -p:KernelStack=nuget.";

    /// <summary>What compiles kernels, or null where this build has no compiler.</summary>
    internal static IPtxSource? Compiler { get; } =
#if PORTABLE_KERNELS
        null;
#else
        new IlgpuCompiler();
#endif

    /// <summary>
    /// A launcher for CUDA devices, of kernels from a folder if one is named, else of what ILGPU compiles; null where this build has neither.
    /// </summary>
    /// <param name="ptxFolder">A folder that <c>lacuna kernels --emit-ptx</c> wrote.</param>
    /// <exception cref="Lacuna.Data.DataFileException">The folder is damaged or made for other kernels.</exception>
    /// <exception cref="CudaException">The driver does not work.</exception>
    /// <exception cref="DllNotFoundException">There is no driver.</exception>
    public static CudaKernelLauncher? ForCuda(string? ptxFolder)
    {
        IPtxSource? source = ptxFolder is not null ? new PtxFolder(ptxFolder) : Compiler is { } compiler ? new PtxCache(compiler, PtxCache.DefaultFolder) : null;
        return source is null ? null : new(new CudaDriver(), source, TensorStack.Current);
    }
}
