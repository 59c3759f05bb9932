using CommandLine;
using CommandLine.Text;
using Lacuna.Runs;

namespace Lacuna.Cli.Verbs;

[Verb("doctor", HelpText = "What this machine offers, how fast it multiplies, and what to mend.")]
internal sealed class DoctorVerb : CommonOptions, IVerb
{
    [Usage(ApplicationAlias = "lacuna")]
    public static IEnumerable<Example> Examples { get; } = [new("Look at this machine", Brief, new DoctorVerb())];

    public int Run(Host host)
    {
        var report = Doctor.Examine(OpenCompute(host), host.Clock, host.Interrupt);
        if (Json)
        {
            host.WriteJson(report);
            return ExitCode.Done;
        }
        var e = report.Environment;
        (string, string)[] lines =
        [
            ("Lacuna", $"{e.Lacuna} on {e.DotNet}"),
            ("tensors", $"{e.TensorStack} stack, libtorch {e.Libtorch}" + (report.Location.Length > 0 ? $" from {report.Location}" : "")),
            ("kernels", $"{e.Kernels}; {report.KernelStack}"),
            ("device", $"{e.Device}, {report.CudaDevices} CUDA device(s) visible"),
            ("processor", $"{e.Processor}, {e.Cores} core(s), {e.Threads} thread(s)"),
            ("system", e.OperatingSystem),
            ("matrix product", FormattableString.Invariant($"{report.MatrixGflops:0} GFLOP/s in float32 ({report.MatrixSize} x {report.MatrixSize})")),
            ("convolution", FormattableString.Invariant($"{report.ConvolutionGflops:0} GFLOP/s in float32 (64 to 64 channels, 3x3, 32x32 pixels)")),
            ("JPEG files", report.Jpeg.Length > 0 ? report.Jpeg : "cannot be decoded"),
            ("PNG files", report.Png.Length > 0 ? report.Png : "cannot be decoded"),
        ];
        foreach (var (name, value) in lines) host.Out.WriteLine($"{name,-16}{value}");
        foreach (var warning in report.Warnings) host.Out.WriteLine("WARNING: " + warning);
        if (report.Warnings.Count == 0) host.Out.WriteLine("All well.");
        return ExitCode.Done;
    }
}
