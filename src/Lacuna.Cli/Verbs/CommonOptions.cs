using CommandLine;
using Lacuna.Gpu;
using Lacuna.Gpu.Launch;

namespace Lacuna.Cli.Verbs;

/// <summary>Options of every verb that computes.</summary>
internal abstract class CommonOptions
{
    [Option("device", Default = "cpu", HelpText = "Where to compute: cpu, cuda or cuda:N.")]
    public string DeviceName { get; set; } = "cpu";

    [Option("kernels", Default = KernelChoice.Native, HelpText = "What does the hot paths' work: the kernels, or the tensor library's operators to compare with.")]
    public KernelChoice Kernels { get; set; }

    [Option("passes", Default = PassChoice.Auto, HelpText = "How networks are gone through: compiled (batch norms folded, no weight's gradient), general (layer by layer, by automatic differentiation), or auto: compiled where the network has such a form and kernels are at work.")]
    public PassChoice Passes { get; set; }

    [Option("ptx", HelpText = "Folder of compiled kernels to run on CUDA, as 'lacuna kernels --emit-ptx' writes it (default: ILGPU compiles them, where it is built in).")]
    public string? PtxFolder { get; set; }

    [Option("threads", HelpText = "Threads of the tensor library (default: one a core).")]
    public int? Threads { get; set; }

    [Option("json", HelpText = Words.Json)]
    public bool Json { get; set; }

    [Option("quiet", HelpText = Words.Quiet)]
    public bool Quiet { get; set; }

    /// <summary>Examples in the help name what differs from the defaults.</summary>
    protected static UnParserSettings Brief { get; } = new() { SkipDefault = true };

    /// <summary>The device and what does the hot paths' work there.</summary>
    protected Compute OpenCompute(Host host)
    {
        var device = OpenDevice();
        // Also where it is not needed, so that a command can be tried out without a GPU.
        if (PtxFolder is not null) KernelLaunchers.CheckFolder(PtxFolder);
        if (device.type == DeviceType.CUDA) CudaDefaults.Apply(TensorStack.Current);
        if (Kernels == KernelChoice.Operators || device.type != DeviceType.CUDA) return new(device, new TensorKernels(Kernels) { Passes = Passes });
        // Lives as long as the process: kernels may be under way until its end.
        var launcher = KernelLaunchers.ForCuda(PtxFolder);
        if (launcher is null) host.Error.WriteLine(KernelLaunchers.NoneThere);
        return new(device, new TensorKernels(Kernels, launcher) { Passes = Passes });
    }

    /// <summary>The device, after a check that it is there; sets the thread count.</summary>
    private torch.Device OpenDevice()
    {
        if (Threads is { } threads)
        {
            if (threads < 1) throw new UsageException($"--threads is {threads}; it must be at least 1.");
            torch.set_num_threads(threads);
        }
        if (DeviceName == "cpu") return torch.CPU;
        var parts = DeviceName.Split(':');
        var index = 0;
        if (parts[0] != "cuda" || parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], out index)))
            throw new UsageException($"--device is '{DeviceName}'; write cpu, cuda or cuda:N.");
        if (!torch.cuda.is_available())
            throw new InvalidOperationException("There is no CUDA device this libtorch can use. Run 'lacuna doctor' to see which libtorch is loaded, or leave --device out.");
        if (index < 0 || index >= torch.cuda.device_count())
            throw new UsageException($"--device is '{DeviceName}', but there are only {torch.cuda.device_count()} CUDA device(s), counted from 0.");
        return torch.device(DeviceType.CUDA, index);
    }
}
