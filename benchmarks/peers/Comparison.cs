using System.Diagnostics;
using System.Globalization;
using Lacuna.Gpu;
using Lacuna.Gpu.Launch;
using Lacuna.Models;
using Lacuna.Models.Checkpoints;
using Lacuna.Runs;
using MathNet.Numerics.Statistics;
using static TorchSharp.torch;

namespace Lacuna.Peers;

/// <summary>Measures every step on both sides in turns, so that both meet the same disturbances, and compares the results.</summary>
internal sealed class Comparison : IDisposable
{
    // What our loader sets where nothing is set: a peer that is given the same may be faster or slower by it.
    private const int OurSpinCount = 5000;
    private const double ShortestMs = 500;
    private const int MostSteps = 10;
    private const double SlowMs = 30_000;
    private const string Contiguous = "contiguous";

    private static readonly string[] Layouts = [Contiguous, "channels-last"];

    private readonly PeerOptions _options;
    private readonly Compute _compute;
    private readonly Action<string> _say;
    private readonly PythonSide[] _sides;
    private readonly string _folder = Directory.CreateTempSubdirectory("lacuna-peers-").FullName;
    private (PythonSide Side, string Layout)? _lastChoice;

    private Comparison(PeerOptions options, Action<string> say)
    {
        (_options, _say) = (options, say);
        set_num_threads(options.ThreadCount);
        _compute = options.Device == "cuda" ? new Compute(torch.device(DeviceType.CUDA, 0), new TensorKernels(launcher: KernelLaunchers.ForCuda(null))) : (Compute)CPU;
        _sides = [new(options.PythonPath, options.ThreadCount, null), new(options.PythonPath, options.ThreadCount, OurSpinCount)];
    }

    /// <summary>Everything that the options ask for.</summary>
    /// <param name="options">What to compare.</param>
    /// <param name="say">Told of every row in a line.</param>
    /// <param name="keep">Given all rows so far after every row: an interrupted comparison has cost minutes.</param>
    public static PeerReport Run(PeerOptions options, Action<string> say, Action<PeerReport> keep)
    {
        using var comparison = new Comparison(options, say);
        if (options.Device == "cuda" && !comparison._sides[0].HasCuda) throw new InvalidOperationException($"'{options.PythonPath}' has a PyTorch {comparison._sides[0].Torch} that can use no CUDA device.");
        var before = Load();
        PeerReport Report(IReadOnlyList<PeerRow> rows) => new(RunEnvironment.Current(comparison._compute, TimeProvider.System), comparison._sides[0].Torch, options.Repeats, before, Load(), rows);
        var rows = new List<PeerRow>();
        foreach (var row in options.Networks.SelectMany(comparison.Rows))
        {
            rows.Add(row);
            keep(Report([.. rows]));
        }
        return Report(rows);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var side in _sides) side.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private IEnumerable<PeerRow> Rows(string architecture)
    {
        using var setting = new Setting(architecture, _options, _compute);
        var (weights, inputs) = (Path.Combine(_folder, architecture + ".safetensors"), Path.Combine(_folder, architecture + ".inputs.safetensors"));
        setting.Write(weights, inputs);
        foreach (var side in _sides) side.Ask(new { @do = "load", arch = architecture, weights, inputs, device = _options.Device, threads = _options.ThreadCount });
        _lastChoice = null;
        var chosen = PeerSteps.All.Where(step => !_options.Steps.Any() || _options.Steps.Contains(step.Name));
        foreach (var step in chosen) yield return Measure(architecture, step, setting);
    }

    private PeerRow Measure(string architecture, PeerStep step, Setting setting)
    {
        // The first run fetches memory and compiles, and says how many steps make a measurement long enough.
        var once = Ours(step, setting, 1, keep: false).Ms;
        if (step.CanRepeat) once = Ours(step, setting, 1, keep: false).Ms;
        var steps = step.CanRepeat ? (int)Math.Clamp(Math.Round(ShortestMs / once), 1, MostSteps) : 1;
        var (peer, layout) = Better(step, setting, steps);
        List<double> ours = [], tuned = [], authors = [];
        List<long?> oursMemory = [], tunedMemory = [], authorsMemory = [];
        IReadOnlyDictionary<string, Tensor> results = new Dictionary<string, Tensor>();
        double tunedDifference = double.NaN, authorsDifference = double.NaN;
        var notes = "";
        for (var repeat = 0; repeat < _options.Repeats; repeat++)
        {
            // A whole method's results are those of its first repetition.
            var compare = repeat == 0 && !step.CanRepeat;
            var own = Ours(step, setting, steps, keep: compare);
            Take(ours, oursMemory, (own.Ms, own.Bytes), steps);
            if (compare) results = own.Results;
            Take(tuned, tunedMemory, Theirs(peer, "tuned", layout, step, step.Options(setting, steps)), steps);
            if (compare) (tunedDifference, notes) = Difference(results, peer);
            // What is slow need not be slow five times.
            if (authors.Count > 0 && authors[0] * steps > SlowMs) continue;
            Take(authors, authorsMemory, Theirs(_sides[0], "authors", Contiguous, step, step.Options(setting, steps)), steps);
            if (compare) authorsDifference = Difference(results, _sides[0]).Value;
        }
        if (step.CanRepeat)
        {
            results = Ours(step, setting, step.ComparedSteps, keep: true).Results;
            Theirs(peer, "tuned", layout, step, step.Options(setting, step.ComparedSteps));
            tunedDifference = Difference(results, peer).Value;
            Theirs(_sides[0], "authors", Contiguous, step, step.Options(setting, step.ComparedSteps));
            authorsDifference = Difference(results, _sides[0]).Value;
        }
        foreach (var result in results.Values) result.Dispose();
        var row = new PeerRow(architecture, step.Name, step.Images(setting), steps, Times(ours, oursMemory), new(Times(tuned, tunedMemory), layout, peer.Spins, tunedDifference),
            new(Times(authors, authorsMemory), Contiguous, null, authorsDifference), step.Limit, notes);
        _say(string.Create(CultureInfo.InvariantCulture, $"{architecture} {step.Name}: {row.Ours.BestMs:0.0} ms, tuned {row.Tuned.Times.BestMs:0.0} ({row.TunedRatio:0.00}), authors' way {row.Authors.Times.BestMs:0.0} ({row.AuthorsRatio:0.00})"));
        return row;
    }

    private static SideTimes Times(List<double> ms, List<long?> bytes) => new(ms.Min(), ms.Median(), bytes.Contains(null) ? null : bytes.Max());

    private static void Take(List<double> ms, List<long?> bytes, (double Ms, long? Bytes) measured, int steps)
    {
        ms.Add(measured.Ms / steps);
        bytes.Add(measured.Bytes);
    }

    private (double Ms, long? Bytes, IReadOnlyDictionary<string, Tensor> Results) Ours(PeerStep step, Setting setting, int steps, bool keep)
    {
        using var work = step.Prepare(setting, steps);
        ProcessMemory.ForgetPeak();
        var resident = ProcessMemory.Bytes("VmRSS");
        if (_compute.Device.type == DeviceType.CUDA) cuda.synchronize(_compute.Device);
        var start = Stopwatch.GetTimestamp();
        work.Do();
        if (_compute.Device.type == DeviceType.CUDA) cuda.synchronize(_compute.Device);
        var ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var bytes = _compute.Device.type == DeviceType.CPU ? ProcessMemory.Bytes("VmHWM") - resident : null;
        var results = work.Results();
        if (keep) return (ms, bytes, results);
        foreach (var result in results.Values) result.Dispose();
        return (ms, bytes, new Dictionary<string, Tensor>());
    }

    private static (double Ms, long? Bytes) Theirs(PythonSide side, string kind, string layout, PeerStep step, object options)
    {
        var answer = side.Ask(new { @do = "run", step = step.PeerMethod, kind, layout, options });
        return (answer["ms"]!.GetValue<double>(), answer["peak_bytes"]?.GetValue<long>());
    }

    /// <summary>Which process and layout do the step fastest.</summary>
    private (PythonSide Side, string Layout) Better(PeerStep step, Setting setting, int steps)
    {
        var trial = step.Trial(setting, steps);
        if (trial is null) return _lastChoice ?? (_sides[0], Layouts[1]);
        var tried = new List<(double Ms, PythonSide Side, string Layout)>();
        for (var round = 0; round < 2; round++)
        {
            foreach (var side in _sides)
            {
                foreach (var layout in Layouts) tried.Add((Theirs(side, "tuned", layout, step, trial).Ms, side, layout));
            }
        }
        var best = tried.MinBy(each => each.Ms);
        // The whole method is attacks above all.
        if (step.PeerMethod == "l2_pgd") _lastChoice = (best.Side, best.Layout);
        return (best.Side, best.Layout);
    }

    private (double Value, string Note) Difference(IReadOnlyDictionary<string, Tensor> ours, PythonSide side)
    {
        var file = Path.Combine(_folder, "results.safetensors");
        side.Ask(new { @do = "save", file });
        var theirs = SafetensorsFile.Read(file).Tensors.ToDictionary(stored => stored.Name);
        var missing = ours.Keys.Except(theirs.Keys).Concat(theirs.Keys.Except(ours.Keys)).ToArray();
        if (missing.Length > 0) throw new InvalidOperationException($"The sides do not compute the same things: one lacks {string.Join(", ", missing)}.");
        using var scope = NewDisposeScope();
        double difference = 0, norm = 0;
        var note = "";
        foreach (var (name, own) in ours)
        {
            var other = CheckpointTensors.ToTensor(theirs[name]).to(ScalarType.Float64);
            var value = own.cpu().to(ScalarType.Float64);
            if (name == "steps")
            {
                note = string.Create(CultureInfo.InvariantCulture, $" ({value.item<double>():0} and {other.item<double>():0} steps, attacks of {_options.AttackSteps})");
                continue;
            }
            difference += (value - other).square().sum().item<double>();
            norm += other.square().sum().item<double>();
        }
        return (Math.Sqrt(difference / norm), note);
    }

    private static double? Load() => File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : null;
}
