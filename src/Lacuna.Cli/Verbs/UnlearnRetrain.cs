using CommandLine;
using CommandLine.Text;
using Lacuna.Methods;
using Lacuna.Methods.Retrain;
using Lacuna.Methods.Training;

namespace Lacuna.Cli.Verbs;

[Verb("retrain", HelpText = "The oracle: train anew on the retain images. Give it the recipe of the original.")]
internal class UnlearnRetrain : RetainOptions
{
    [Usage(ApplicationAlias = "lacuna unlearn")]
    public static IEnumerable<Example> Examples { get; } = [new("The oracle for class 3", Brief, new UnlearnRetrain { Checkpoint = "runs/mine/model.safetensors", Forget = "class:3", Out = "runs/oracle" })];

    internal override IUnlearningMethod Method() => new RetrainMethod(Recipe(new TrainingOptions()));
}
