using System.Globalization;
using Lacuna.Runs;

namespace Lacuna.Cli;

/// <summary>
/// Progress on stderr: one line that is drawn over on a terminal; elsewhere one line a stage and one for each half minute that it takes; nothing when quiet.
/// </summary>
internal sealed class ProgressLine(Host host, bool quiet) : IProgress<RunProgress>, IDisposable
{
    private const int BarWidth = 20;
    private const int MinimumMs = 80;
    private const int PlainSeconds = 30;
    private readonly bool _terminal = host.ErrorIsTerminal;
    private readonly long _start = host.Clock.GetTimestamp();
    private string _stage = "";
    private long _stageStart;
    private long _lastDrawn;
    private int _drawnWidth;

    public void Report(RunProgress value)
    {
        if (quiet) return;
        var newStage = value.Stage != _stage;
        _stage = value.Stage;
        var now = host.Clock.GetTimestamp();
        if (newStage) _stageStart = now;
        var ended = value.Done >= value.Total;
        if (!_terminal)
        {
            if (!newStage && (ended || host.Clock.GetElapsedTime(_lastDrawn, now).TotalSeconds < PlainSeconds)) return;
            _lastDrawn = now;
            host.Error.WriteLine(newStage ? $"[{Elapsed()}] {value.Stage}" : WithoutBar(value, now));
            return;
        }
        if (!newStage && !ended && host.Clock.GetElapsedTime(_lastDrawn, now).TotalMilliseconds < MinimumMs) return;
        _lastDrawn = now;
        var filled = value.Total > 0 ? Math.Clamp((int)((long)BarWidth * value.Done / value.Total), 0, BarWidth) : 0;
        var line = $"[{Elapsed()}] {value.Stage,-20} {new string('█', filled)}{new string('░', BarWidth - filled)} {Figures(value, now)}";
        // The figures say more than the bar does.
        Draw(line.Length <= LineWidth() ? line : WithoutBar(value, now));
    }

    /// <summary>Removes the line before results are printed.</summary>
    public void Clear()
    {
        if (_terminal && _drawnWidth > 0) Draw("");
        if (_terminal && !quiet) host.Error.Write('\r');
    }

    public void Dispose() => Clear();

    private string WithoutBar(RunProgress value, long now) => $"[{Elapsed()}] {value.Stage}: {Figures(value, now)}";

    /// <summary>The message; where images are counted their rate, and the time the stage will take if it goes on like this.</summary>
    private string Figures(RunProgress value, long now)
    {
        var elapsed = host.Clock.GetElapsedTime(_stageStart, now);
        if (value.Images == 0 || elapsed.TotalSeconds < 1 || value.Done >= value.Total) return value.Message;
        var left = elapsed * ((double)(value.Total - value.Done) / value.Done);
        return string.Create(CultureInfo.InvariantCulture, $"{value.Message}, {value.Images / elapsed.TotalSeconds:#,0} images/s, {(int)left.TotalMinutes}:{left.Seconds:00} left");
    }

    private string Elapsed() => FormattableString.Invariant($"{host.Clock.GetElapsedTime(_start).TotalSeconds,5:0.0} s");

    private void Draw(string text)
    {
        var width = LineWidth();
        if (text.Length > width) text = text[..width];
        host.Error.Write("\r" + text.PadRight(Math.Min(width, _drawnWidth)));
        _drawnWidth = text.Length;
    }

    private static int LineWidth() => Math.Max(20, WindowWidth() - 1);

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
