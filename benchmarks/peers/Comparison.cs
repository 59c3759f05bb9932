using System.Diagnostics;
using System.Globalization;
using Lacuna.Benchmarks.Steps;
using Lacuna.Gpu;
using Lacuna.Gpu.Launch;
using Lacuna.Models;
using Lacuna.Runs;
using MathNet.Numerics.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Peers;

/// <summary>Measures every step on all sides in turns, so that they meet the same disturbances, and holds the results against float64.</summary>
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
        if (options.Device == "cuda") CudaDefaults.Apply(TensorStack.Current);
        _compute = options.Device == "cuda" ? new Compute(torch.device(DeviceType.CUDA, 0), new TensorKernels(launcher: KernelLaunchers.ForCuda(null))) : (Compute)CPU;
        _sides = [NewSide(null), NewSide(OurSpinCount)];
    }

    /// <summary>Everything that the options ask for.</summary>
    /// <param name="options">What to compare.</param>
    /// <param name="say">Told of every row in a line.</param>
    /// <param name="check">Given the report before its first row; throws where it is of no use.</param>
    /// <param name="keep">Given all rows so far after every row: an interrupted comparison has cost minutes.</param>
    public static PeerReport Run(PeerOptions options, Action<string> say, Action<PeerReport> check, Action<PeerReport> keep)
    {
        using var comparison = new Comparison(options, say);
        if (options.Device == "cuda" && !comparison._sides[0].HasCuda) throw new InvalidOperationException($"'{options.PythonPath}' has a PyTorch {comparison._sides[0].Torch} that can use no CUDA device.");
        PeerReport Report(IReadOnlyList<PeerRow> rows) => new(RunEnvironment.Current(comparison._compute, TimeProvider.System), comparison._sides[0].Torch, options.Settings, rows);
        check(Report([]));
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

    private PythonSide NewSide(int? spins, bool measuresMemory = false) => new(_options.PythonPath, _options.ThreadCount, spins, measuresMemory);

    private IEnumerable<PeerRow> Rows(string architecture)
    {
        using var setting = new Setting(Setting.Trained(architecture, _compute), _options.Amounts, _compute);
        var files = new PeerFiles(architecture, Path.Combine(_folder, architecture + ".safetensors"), Path.Combine(_folder, architecture + ".inputs.safetensors"));
        setting.Write(files.Weights, files.Inputs);
        foreach (var side in _sides) side.Load(files, _options);
        _lastChoice = null;
        var chosen = AllSteps.InOrder.Where(step => !_options.Steps.Any() || _options.Steps.Contains(step.Name));
        foreach (var step in chosen) yield return Measure(files, step, setting);
    }

    private PeerRow Measure(PeerFiles files, Step step, Setting setting)
    {
        var before = Load();
        // The first run fetches memory and compiles, and says how many steps make a measurement long enough.
        var once = Ours(step, setting, 1);
        if (step.CanRepeat) once = Ours(step, setting, 1);
        var steps = step.CanRepeat ? (int)Math.Clamp(Math.Round(ShortestMs / once), 1, MostSteps) : 1;
        var (peer, layout) = Better(step, setting, steps);
        List<double> ours = [], tuned = [], authors = [];
        using var whole = step.HasExactResult ? null : new SideResults();
        for (var repeat = 0; repeat < _options.Repeats; repeat++)
        {
            // A whole method takes so long that its results are those of the first repetition.
            var first = repeat == 0 ? whole : null;
            ours.Add(Ours(step, setting, steps, first) / steps);
            tuned.Add(Theirs(peer, "tuned", layout, step, setting, steps, first) / steps);
            // What is slow need not be slow five times.
            if (authors.Count > 0 && authors[0] * steps > SlowMs) continue;
            authors.Add(Theirs(_sides[0], "authors", Contiguous, step, setting, steps, first) / steps);
        }
        var agreement = whole is null ? AgreementWithFloat64(files.Architecture, step, setting, peer, layout) : whole.Agreement(step.Images(setting), step.Limit);
        var note = whole is null ? "" : $" ({whole.StepsTaken}, attacks of {_options.AttackSteps})";
        var memory = PeakMemory.Of(step, setting, files, () => NewSide(peer.Spins, measuresMemory: true), layout, _options);
        var now = RunEnvironment.Current(_compute, TimeProvider.System);
        var row = new PeerRow(files.Architecture, step.Name, step.Images(setting), steps, Times(ours), new(Times(tuned), layout, peer.Spins), new(Times(authors), Contiguous, null), agreement, memory,
            new(now.Utc, now.Lacuna, before, Load()), note);
        _say(string.Create(CultureInfo.InvariantCulture, $"{row.Network} {step.Name}: {row.Ours.BestMs:0.0} ms, tuned {row.Tuned.Times.BestMs:0.0} ({row.TunedRatio:0.00}), authors' way {row.Authors.Times.BestMs:0.0} ({row.AuthorsRatio:0.00})"));
        return row;
    }

    private static SideTimes Times(List<double> ms) => new(ms.Min(), ms.Median());

    private double Ours(Step step, Setting setting, int steps, SideResults? keep = null)
    {
        var network = step.MovesWeights ? ModelZoo.Clone(setting.Model) : setting.Model;
        try
        {
            using var work = step.Prepare(setting, network, steps);
            if (_compute.Device.type == DeviceType.CUDA) cuda.synchronize(_compute.Device);
            var start = Stopwatch.GetTimestamp();
            work.Do();
            if (_compute.Device.type == DeviceType.CUDA) cuda.synchronize(_compute.Device);
            var ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            var results = new ResultValues(work.Results());
            if (keep is null) results.Dispose();
            else keep.Ours = results;
            return ms;
        }
        finally
        {
            if (step.MovesWeights) network.Dispose();
        }
    }

    private double Theirs(PythonSide side, string kind, string layout, Step step, Setting setting, int steps, SideResults? keep = null)
    {
        var ms = side.Run(kind, layout, step, setting, step.Options(setting, steps)).Ms;
        if (keep is null) return ms;
        var results = new ResultValues(side, Path.Combine(_folder, "results.safetensors"));
        if (kind == "tuned") keep.Tuned = results;
        else if (kind == "authors") keep.Authors = results;
        else keep.Exact = results;
        return ms;
    }

    /// <summary>Which process and layout do the step fastest.</summary>
    private (PythonSide Side, string Layout) Better(Step step, Setting setting, int steps)
    {
        var trial = step.Trial(setting, steps);
        if (trial is null) return _lastChoice ?? (_sides[0], Layouts[1]);
        var tried = new List<(double Ms, PythonSide Side, string Layout)>();
        for (var round = 0; round < 2; round++)
        {
            foreach (var side in _sides)
            {
                foreach (var layout in Layouts) tried.Add((side.Run("tuned", layout, step, setting, trial).Ms, side, layout));
            }
        }
        var best = tried.MinBy(each => each.Ms);
        // The whole method is attacks above all.
        if (step.PeerMethod == "l2_pgd") _lastChoice = (best.Side, best.Layout);
        return (best.Side, best.Layout);
    }

    /// <summary>All sides do the step on as many images as float64 can bear.</summary>
    private Agreement AgreementWithFloat64(string architecture, Step step, Setting setting, PythonSide peer, string layout)
    {
        using var part = setting.Part(setting.Options with { Batch = _options.ComparedOf(architecture) });
        using var results = new SideResults();
        var steps = step.CanRepeat ? step.ComparedSteps : 1;
        Ours(step, part, steps, results);
        Theirs(peer, "tuned", layout, step, part, steps, results);
        Theirs(_sides[0], "authors", Contiguous, step, part, steps, results);
        Theirs(_sides[0], "float64", Contiguous, step, part, steps, results);
        return results.Agreement(step.Images(part), step.Limit);
    }

    private static double? Load() => File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : null;
}
