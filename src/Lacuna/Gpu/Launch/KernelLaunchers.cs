using Lacuna.Kernels;

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

    /// <summary>Checks that a folder holds this build's kernels, without a device.</summary>
    /// <exception cref="Lacuna.Data.DataFileException">It does not.</exception>
    public static void CheckFolder(string ptxFolder) => _ = new PtxFolder(ptxFolder);

    /// <summary>Compiles every kernel into a folder, for <see cref="ForCuda"/> of this or another build.</summary>
    /// <param name="folder">Created when missing; files of the same names are replaced.</param>
    /// <param name="architecture">For devices of this kind and later.</param>
    /// <param name="compiled">Told of every kernel.</param>
    /// <param name="cancellation">Ends it between two kernels.</param>
    /// <exception cref="InvalidOperationException">This build has no compiler, or a kernel does not compile.</exception>
    public static PtxManifest Emit(string folder, ComputeCapability architecture, Action<PtxManifestEntry> compiled, CancellationToken cancellation) =>
        PtxFolder.Emit(folder, Compiler ?? throw new InvalidOperationException("This build has no kernel compiler: it was made with the portable kernel stack. './build.sh --stack nuget kernels --emit-ptx DIR' builds one with ILGPU, as does 'dotnet build src/Lacuna.Cli -p:KernelStack=nuget'."),
            architecture, null, compiled, cancellation);

    /// <summary>What a kernel takes.</summary>
    public static IReadOnlyList<KernelParameter> ParametersOf(KernelEntry kernel) => new ParameterLayout(kernel).Parameters;
}
