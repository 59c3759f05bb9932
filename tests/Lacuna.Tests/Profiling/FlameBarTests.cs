using Lacuna.Cli;

namespace Lacuna.Tests.Profiling;

public sealed class FlameBarTests
{
    [Fact]
    public void LinesAreAsWideAsTheScreenAndReadWithoutColour()
    {
        Assert.Equal(
        [
            "|run 100 %----------------------------------------------------------------------",
            "|method 90 %------------------------------------------------------------        ",
            "|batch--|tangent 80 %---------------------------------------------------        ",
            "|---    |Gate 20 %------|weight product-                                        ",
        ], Text(80));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(40)]
    [InlineData(199)]
    public void EveryLineIsExactlySoWide(int width) => Assert.All(Text(width), line => Assert.Equal(width, line.Length));

    private static IEnumerable<string> Text(int width) => FlameBar.Lines(Recorded.TenSeconds(), width).Select(line => string.Concat(line.Select(piece => piece.Text)));
}
