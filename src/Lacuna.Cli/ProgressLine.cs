using Lacuna.Runs;

namespace Lacuna.Cli;

/// <summary>
/// Progress on stderr: one line that is drawn over on a terminal, one line a stage elsewhere, nothing when quiet.
/// </summary>
internal sealed class ProgressLine(Host host, bool quiet) : IProgress<RunProgress>, IDisposable
{
    private const int BarWidth = 20;
    private const int MinimumMs = 80;
    private readonly bool _terminal = host.ErrorIsTerminal;
    private readonly long _start = host.Clock.GetTimestamp();
    private string _stage = "";
    private long _lastDrawn;
    private int _drawnWidth;

    public void Report(RunProgress value)
    {
        if (quiet) return;
        var newStage = value.Stage != _stage;
        _stage = value.Stage;
        var ended = value.Done >= value.Total;
        if (!_terminal)
        {
            if (newStage) host.Error.WriteLine($"[{Elapsed()}] {value.Stage}");
            return;
        }
        var now = host.Clock.GetTimestamp();
        if (!newStage && !ended && host.Clock.GetElapsedTime(_lastDrawn, now).TotalMilliseconds < MinimumMs) return;
        _lastDrawn = now;
        var filled = value.Total > 0 ? Math.Clamp((int)((long)BarWidth * value.Done / value.Total), 0, BarWidth) : 0;
        Draw($"[{Elapsed()}] {value.Stage,-20} {new string('█', filled)}{new string('░', BarWidth - filled)} {value.Message}");
    }

    /// <summary>Removes the line before results are printed.</summary>
    public void Clear()
    {
        if (_terminal && _drawnWidth > 0) Draw("");
        if (_terminal && !quiet) host.Error.Write('\r');
    }

    public void Dispose() => Clear();

    private string Elapsed() => FormattableString.Invariant($"{host.Clock.GetElapsedTime(_start).TotalSeconds,5:0.0} s");

    private void Draw(string text)
    {
        var width = Math.Max(20, WindowWidth() - 1);
        if (text.Length > width) text = text[..width];
        host.Error.Write("\r" + text.PadRight(Math.Min(width, _drawnWidth)));
        _drawnWidth = text.Length;
    }

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
