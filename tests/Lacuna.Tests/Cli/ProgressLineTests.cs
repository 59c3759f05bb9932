using Lacuna.Cli;
using Lacuna.Runs;

namespace Lacuna.Tests.Cli;

public sealed class ProgressLineTests
{
    [Fact]
    public void ElsewhereThanOnATerminalAStageIsALine()
    {
        var (text, clock, host) = Make(terminal: false);
        using (var line = new ProgressLine(host, quiet: false))
        {
            line.Report(new("train", 0, 3, ""));
            clock.Advance(1.5);
            line.Report(new("train", 1, 3, "loss 1"));
            line.Report(new("train", 3, 3, "loss 0"));
            line.Report(new("measure", 0, 1, ""));
        }
        Assert.Equal($"[  0.0 s] train{Environment.NewLine}[  1.5 s] measure{Environment.NewLine}", text.ToString());
    }

    [Fact]
    public void OnATerminalOneLineIsDrawnOverAndWipedAtTheEnd()
    {
        var (text, clock, host) = Make(terminal: true);
        using (var line = new ProgressLine(host, quiet: false))
        {
            line.Report(new("train", 1, 4, "loss 2"));
            clock.Advance(0.01);
            line.Report(new("train", 2, 4, "too soon to be drawn"));
            clock.Advance(0.5);
            line.Report(new("train", 3, 4, "loss 1"));
        }
        var drawn = text.ToString().Split('\r');
        Assert.Equal(["", "[  0.0 s] train                █████░░░░░░░░░░░░░░░ loss 2", "[  0.5 s] train                ███████████████░░░░░ loss 1"], drawn.Take(3).Select(d => d.TrimEnd()));
        Assert.Equal(drawn[2].Length, drawn[3].Length);
        Assert.All(drawn.Skip(3), rest => Assert.Equal("", rest.Trim()));
        Assert.DoesNotContain('\n', text.ToString());
    }

    [Fact]
    public void WhereImagesAreCountedTheLineTellsTheirRateAndTheTimeThatIsLeft()
    {
        var (text, clock, host) = Make(terminal: true);
        using (var line = new ProgressLine(host, quiet: false))
        {
            line.Report(new("train", 0, 100, ""));
            clock.Advance(0.5);
            line.Report(new("train", 1, 100, "loss 2", 128));
            clock.Advance(39.5);
            line.Report(new("train", 25, 100, "loss 1", 50_000));
        }
        // 40 s for a quarter: 120 s for the rest. Half a second is too little to tell. Without a window there are 80 columns, in which the bar has no place then.
        Assert.Equal(["[  0.5 s] train                ░░░░░░░░░░░░░░░░░░░░ loss 2", "[ 40.0 s] train: loss 1, 1,250 images/s, 2:00 left"], text.ToString().Split('\r').Skip(2).Take(2).Select(d => d.TrimEnd()));
    }

    [Fact]
    public void ElsewhereALongStageSaysEveryHalfMinuteWhereItIs()
    {
        var (text, clock, host) = Make(terminal: false);
        using (var line = new ProgressLine(host, quiet: false))
        {
            for (var step = 0; step <= 70; step++, clock.Advance(1)) line.Report(new("train", step, 70, $"step {step}", 100 * step));
        }
        Assert.Equal(["[  0.0 s] train", "[ 30.0 s] train: step 30, 100 images/s, 0:40 left", "[ 60.0 s] train: step 60, 100 images/s, 0:10 left"], text.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void QuietSaysNothing(bool terminal)
    {
        var (text, _, host) = Make(terminal);
        using (var line = new ProgressLine(host, quiet: true)) line.Report(new("train", 1, 1, ""));
        Assert.Equal("", text.ToString());
    }

    private static (StringWriter Text, Clock Clock, Host Host) Make(bool terminal)
    {
        var text = new StringWriter();
        var clock = new Clock();
        return (text, clock, new Host(TextWriter.Null, text, clock, CancellationToken.None) { ErrorIsTerminal = terminal });
    }

    private sealed class Clock : TimeProvider
    {
        private long _ticks = 5;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(double seconds) => _ticks += TimeSpan.FromSeconds(seconds).Ticks;
    }
}
