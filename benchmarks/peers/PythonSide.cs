using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lacuna.Benchmarks.Steps;

namespace Lacuna.Peers;

/// <summary>A Python process that does the steps in PyTorch: a line of JSON to it for each thing to do, a line back.</summary>
internal sealed class PythonSide : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    /// <param name="python">The program.</param>
    /// <param name="threads">Of OpenMP.</param>
    /// <param name="spinCount">How often threads of OpenMP look for work before they sleep; null as the library has it.</param>
    /// <param name="measuresMemory">Whether it is started as <see cref="ProcessMemory.MakeExact"/> wants it.</param>
    public PythonSide(string python, int threads, int? spinCount, bool measuresMemory = false)
    {
        var start = new ProcessStartInfo(python, ["-u", Path.Combine(AppContext.BaseDirectory, "python", "peer.py")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment.Remove("GOMP_SPINCOUNT");
        if (spinCount is { } count) start.Environment["GOMP_SPINCOUNT"] = count.ToString(CultureInfo.InvariantCulture);
        if (measuresMemory) ProcessMemory.MakeExact(start);
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"'{python}' cannot be started ({e.Message}). Name a Python that has PyTorch with --python or LACUNA_PYTHON.", e);
        }
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors) _errors.AppendLine(line.Data);
        };
        _process.BeginErrorReadLine();
        Spins = spinCount;
        try
        {
            var hello = Ask(new { @do = "hello" });
            (Torch, HasCuda) = (hello["torch"]!.GetValue<string>(), hello["cuda"]!.GetValue<bool>());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Version of PyTorch.</summary>
    public string Torch { get; }

    /// <summary>Whether it can use a CUDA device.</summary>
    public bool HasCuda { get; }

    /// <summary>The spin count it was started with.</summary>
    public int? Spins { get; }

    /// <summary>Says something and waits for the answer.</summary>
    /// <exception cref="InvalidOperationException">It failed, or ended; the message says why.</exception>
    public JsonNode Ask(object message)
    {
        string? line = null;
        try
        {
            _process.StandardInput.WriteLine(JsonSerializer.Serialize(message));
            _process.StandardInput.Flush();
            line = _process.StandardOutput.ReadLine();
        }
        catch (IOException)
        {
            // It ended before it read that; why stands in what it said.
        }
        if (line is null) throw new InvalidOperationException(WhyItEnded());
        var answer = JsonNode.Parse(line)!;
        return answer["error"] is { } error ? throw new InvalidOperationException($"The Python side: {error}") : answer;
    }

    /// <summary>Gives it a network and everything that the steps are given.</summary>
    public void Load(PeerFiles files, PeerOptions options) =>
        Ask(new { @do = "load", arch = files.Architecture, weights = files.Weights, inputs = files.Inputs, device = options.Device, threads = options.ThreadCount });

    /// <summary>Lets it do a step.</summary>
    /// <param name="kind">tuned, authors, or float64, which is the tuned way in that precision.</param>
    /// <param name="layout">contiguous or channels-last.</param>
    /// <param name="step">Which.</param>
    /// <param name="setting">Says how many images of the batch there are.</param>
    /// <param name="options">The step's.</param>
    /// <returns>How long it took, and the most memory beyond the network and its inputs, null where nothing counts it.</returns>
    public (double Ms, long? PeakBytes) Run(string kind, string layout, Step step, Setting setting, object options)
    {
        var answer = Ask(new { @do = "run", step = step.PeerMethod, kind, layout, rows = setting.Options.Batch, options });
        return (answer["ms"]!.GetValue<double>(), answer["peak_bytes"]?.GetValue<long>());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            if (!_process.HasExited) _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended meanwhile.
        }
        _process.Dispose();
    }

    private string WhyItEnded()
    {
        _process.WaitForExit();
        string errors;
        lock (_errors) errors = _errors.ToString().Trim();
        var last = errors.Split('\n')[^1].Trim();
        return last.Contains("No module named", StringComparison.Ordinal)
            ? $"'{_process.StartInfo.FileName}' lacks what the peers need ({last}). Name a Python that has torch and numpy with --python or LACUNA_PYTHON."
            : $"'{_process.StartInfo.FileName}' ended with code {_process.ExitCode}{(last.Length > 0 ? ": " + last : " and said nothing. Name a Python with --python or LACUNA_PYTHON.")}";
    }
}
