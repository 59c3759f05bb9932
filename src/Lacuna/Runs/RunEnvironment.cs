using System.Reflection;
using System.Runtime.InteropServices;
using Lacuna.Gpu;
using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Runs;

/// <summary>On what a run was made.</summary>
/// <param name="Lacuna">Version of the engine.</param>
/// <param name="TensorStack">portable or nuget.</param>
/// <param name="Libtorch">Version of libtorch.</param>
/// <param name="Device">cpu or cuda:n.</param>
/// <param name="Kernels">What did the hot paths' work.</param>
/// <param name="Passes">By which passes the network was gone through and why; only what was asked for where a run has no one network. Null in records of earlier versions.</param>
/// <param name="Threads">Threads libtorch computes with.</param>
/// <param name="Processor">Processor name as the system gives it.</param>
/// <param name="Cores">Logical processors this process may use.</param>
/// <param name="OperatingSystem">Name and version.</param>
/// <param name="DotNet">Runtime version.</param>
/// <param name="Utc">When, ISO 8601.</param>
public sealed record RunEnvironment(string Lacuna, string TensorStack, string Libtorch, string Device, string Kernels, string? Passes, int Threads, string Processor, int Cores, string OperatingSystem, string DotNet, string Utc)
{
    /// <summary>Version of the engine, with the commit it was built from where the build knows it.</summary>
    public static string EngineVersion { get; } =
        typeof(RunEnvironment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The environment of this process.</summary>
    /// <param name="compute">Where and with what.</param>
    /// <param name="clock">Time.</param>
    /// <param name="model">The network that the run is about; null where there is none or several.</param>
    public static RunEnvironment Current(Compute compute, TimeProvider clock, Classifier? model = null) => new(
        EngineVersion,
        Gpu.TensorStack.Current.Name,
        Gpu.TensorStack.Current.LibtorchVersion,
        compute.Device.ToString(),
        compute.Kernels.DescriptionFor(compute.Device),
        model is null ? compute.Kernels.Passes.ToString().ToLowerInvariant() : PassPlan.Of(model, compute.Kernels).ToString(),
        get_num_threads(),
        ProcessorName(),
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture));

    private static string ProcessorName()
    {
        const string linux = "/proc/cpuinfo";
        var line = System.IO.File.Exists(linux)
            ? System.IO.File.ReadLines(linux).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
