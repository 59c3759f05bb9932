using Lacuna.Data;
using Lacuna.Methods;
using Lacuna.Numerics;
using Lacuna.Runs;
using Lacuna.Studies;
using static TorchSharp.torch;

namespace Lacuna.Tests.Studies;

/// <summary>Contexts for studies on tiny sets.</summary>
internal static class Contexts
{
    public static StudyContext Of(ImageSet train, ImageSet test, int[] forget, ForgottenClasses whole, string folder, IReadOnlyList<Subject> subjects, params IReadOnlyList<IUnlearningMethod> methods) => new(
        train, test, new ForgetSplit("rows", 5, train.Name, train.ContentHash, train.Count, forget, whole), new DrawSource(5), CPU, subjects, methods, Lacuna.Tests.Methods.Tiny.Recipe, folder, TimeProvider.System, new Nobody());

    private sealed class Nobody : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
        }
    }
}
