using Lacuna.Data.Images.Native;
using Lacuna.Gpu;
using Lacuna.Runs.Bench;
using static TorchSharp.torch;

namespace Lacuna.Runs;

/// <summary>What <see cref="Doctor"/> found.</summary>
/// <param name="Environment">Versions and hardware.</param>
/// <param name="Location">Where libtorch was loaded from; empty when the package decides.</param>
/// <param name="KernelStack">What compiles and runs the kernels.</param>
/// <param name="CudaDevices">CUDA devices libtorch can use.</param>
/// <param name="MatrixSize">Side of the measured square matrices.</param>
/// <param name="MatrixGflops">Best rate of a float32 matrix product, 1e9 operations a second.</param>
/// <param name="ConvolutionGflops">Best rate of a float32 convolution.</param>
/// <param name="Jpeg">What decodes JPEG files; empty where nothing does.</param>
/// <param name="Png">What decodes PNG files; empty where nothing does.</param>
/// <param name="Warnings">What is wrong and how to mend it.</param>
public sealed record DoctorReport(RunEnvironment Environment, string Location, string KernelStack, int CudaDevices, int MatrixSize, double MatrixGflops, double ConvolutionGflops, string Jpeg, string Png, IReadOnlyList<string> Warnings);

/// <summary>Looks at the machine and measures what the engine depends on.</summary>
public static class Doctor
{
    private const int Size = 1024;

    // Debian's libtorch without OpenBLAS reaches 4 GFLOP/s a core, with it 71 (measured). A slow core with a real BLAS still does 15.
    private const double LeastGflopsPerThread = 10;

    /// <summary>Takes about a second.</summary>
    public static DoctorReport Examine(Compute compute, TimeProvider clock, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var device = compute.Device;
        var environment = RunEnvironment.Current(compute, clock);
        var a = rand(Size, Size, device: device);
        var matrix = WorkRate.Gflops(() => a.matmul(a), 2.0 * Size * Size * Size, device, clock, cancellation);
        var images = rand(16, 64, 32, 32, device: device);
        var filters = rand(64, 64, 3, 3, device: device);
        var convolution = WorkRate.Gflops(() => nn.functional.conv2d(images, filters, padding: [1, 1]), 2.0 * 16 * 64 * 64 * 9 * 32 * 32, device, clock, cancellation);
        var warnings = new List<string>();
        if (device.type == DeviceType.CPU && matrix < LeastGflopsPerThread * Math.Min(environment.Threads, environment.Cores))
            warnings.Add(FormattableString.Invariant($"matrix products run at {matrix:0} GFLOP/s on {environment.Threads} thread(s). Either the machine is busy, or libtorch has no fast BLAS: on Debian, 'apt-get install libopenblas0-pthread' makes this about 17 times faster."));
        if (environment.Threads > environment.Cores)
            warnings.Add($"{environment.Threads} threads share {environment.Cores} core(s); they will wait for each other. Use --threads {environment.Cores}.");
        warnings.AddRange(new[] { ImageLibraries.Missing(ImageLibraries.TurboJpeg), ImageLibraries.Missing(ImageLibraries.Png) }.OfType<string>());
        var jpeg = ImageLibraries.Missing(ImageLibraries.TurboJpeg) is null ? "libjpeg-turbo" : "";
        var png = ImageLibraries.Missing(ImageLibraries.Png) is null ? $"libpng {Png.LibraryVersion()}" : "";
        return new(environment, TensorStack.Current.Location, KernelStackName(), cuda.is_available() ? cuda.device_count() : 0, Size, matrix, convolution, jpeg, png, warnings);
    }

    private static string KernelStackName() =>
#if PORTABLE_KERNELS
        "portable stack, no compiler for CUDA (--ptx brings compiled ones)";
#else
        "nuget stack, ILGPU compiles them for CUDA";
#endif
}
