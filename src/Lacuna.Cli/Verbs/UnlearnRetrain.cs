using Lacuna.Methods;
using Lacuna.Methods.Retrain;
using Lacuna.Methods.Training;

namespace Lacuna.Cli.Verbs;

/// <summary>Options of retrain, run or profiled.</summary>
internal abstract class UnlearnRetrain : RetainOptions
{
    internal override IUnlearningMethod Method() => new RetrainMethod(Recipe(new TrainingOptions()));
}
