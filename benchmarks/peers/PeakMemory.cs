using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Lacuna.Benchmarks.Steps;
using Lacuna.Gpu;
using Lacuna.Models;
using Lacuna.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Peers;

/// <summary>
/// How much memory a step needs, in a process of its own: in one that has done other things, memory that those have used is used again and does not count. What is there before is the network, its inputs, and what
/// the same step on a tiny batch leaves behind; what is free goes back to the system at once.
/// </summary>
internal static class PeakMemory
{
    /// <summary>First argument of the process that measures.</summary>
    public const string Verb = "peak-memory";

    private const int TinyBatch = 8;

    /// <summary>Momentum and whatever else lives from one step to the next is there in the second.</summary>
    private const int Steps = 2;

    /// <summary>Both sides, one after the other, on the CPU; elsewhere the peer's alone.</summary>
    public static StepMemory Of(Step step, Setting setting, PeerFiles files, Func<PythonSide> newSide, string layout, PeerOptions options)
    {
        // Neither the length of an attack nor the number of passes changes what is there at once.
        var full = setting.Options with { AttackSteps = Math.Min(2, setting.Options.AttackSteps), MaxPasses = 1 };
        var tiny = full with { Batch = Math.Min(TinyBatch, full.Batch), Attacks = 1 };
        var steps = step.CanRepeat ? Steps : 1;
        using var whole = setting.Part(full);
        using var part = setting.Part(tiny);
        using var side = newSide();
        side.Load(files, options);
        side.Run("tuned", layout, step, part, step.Options(part, 1));
        var tuned = side.Run("tuned", layout, step, whole, step.Options(whole, steps)).PeakBytes;
        return new(options.Device == "cpu" ? Ours(new(step.Name, files.Weights, steps, options.ThreadCount, full, tiny)) : null, tuned);
    }

    /// <summary>In the process that measures: the most bytes beyond those of the network and its inputs; null where the system does not tell.</summary>
    public static long? Measure(string request)
    {
        var asked = JsonSerializer.Deserialize<PeakMemoryRequest>(request, RunJson.Options)!;
        set_num_threads(asked.Threads);
        var step = AllSteps.InOrder.Single(each => each.Name == asked.Step);
        using var setting = new Setting(ModelFile.Load(asked.Weights, null, ModelZoo.Cifar, Console.Error.WriteLine), asked.Options, (Compute)CPU);
        using (var tiny = setting.Part(asked.Warming)) Rise(step, tiny, 1);
        return Rise(step, setting, asked.Steps);
    }

    // The network that is worked on is there before; what is compiled of it is part of the step.
    private static long? Rise(Step step, Setting setting, int steps)
    {
        var network = step.MovesWeights ? ModelZoo.Clone(setting.Model) : setting.Model;
        try
        {
            ProcessMemory.ForgetPeak();
            var before = ProcessMemory.Bytes("VmRSS");
            using var work = step.Prepare(setting, network, steps);
            work.Do();
            var most = ProcessMemory.Bytes("VmHWM");
            foreach (var result in work.Results().Values) result.Dispose();
            return most - before;
        }
        finally
        {
            if (step.MovesWeights) network.Dispose();
        }
    }

    private static long? Ours(PeakMemoryRequest request)
    {
        // `dotnet NAME.dll` or the program itself.
        var program = Environment.ProcessPath!;
        string[] library = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Assembly.GetExecutingAssembly().Location] : [];
        var start = new ProcessStartInfo(program, [.. library, Verb, JsonSerializer.Serialize(request, RunJson.Compact)]) { RedirectStandardOutput = true };
        start.Environment["OMP_NUM_THREADS"] = request.Threads.ToString(CultureInfo.InvariantCulture);
        ProcessMemory.MakeExact(start);
        using var process = Process.Start(start)!;
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<long?>(answer) : throw new InvalidOperationException($"The process that measures the memory of '{request.Step}' ended with code {process.ExitCode}.");
    }
}
