using Lacuna.Runs;

namespace Lacuna.Tests.Studies;

/// <summary>Listens to nothing.</summary>
internal sealed class SilentRun : IProgress<RunProgress>
{
    public void Report(RunProgress value)
    {
    }
}
