using Lacuna.Methods;
using Lacuna.Runs;

namespace Lacuna.Studies;

/// <summary>Hands a method's progress on as that of a stage, at once and on the same thread, which Progress of the base library does not.</summary>
internal sealed class StageProgress(string stage, IProgress<RunProgress> target) : IProgress<MethodProgress>
{
    public void Report(MethodProgress value) => target.Report(new(stage, value.Done, value.Total, value.Message, value.Images));
}
