using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Methods.Training;
using Lacuna.Numerics;
using Lacuna.Runs;
using Lacuna.Studies;
using static TorchSharp.torch;

namespace Lacuna.Tests.Studies;

/// <summary>What a study is given, round hand-made networks.</summary>
internal static class PlaneContext
{
    public static StudyContext Of(ImageSet train, ImageSet test, int[] forget, string folder, List<RunProgress> progress, params Subject[] subjects) =>
        new(train, test, new ForgetSplit("rows", 1, train.Name, train.ContentHash, train.Count, forget, ForgottenClasses.None), new DrawSource(1), (Compute)CPU, subjects, [],
            new TrainingOptions { Epochs = 1 }, folder, TimeProvider.System, new Log(progress));

    private sealed class Log(List<RunProgress> reports) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => reports.Add(value);
    }
}
