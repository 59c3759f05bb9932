using Lacuna.Methods;
using Lacuna.Methods.FineTune;

namespace Lacuna.Cli.Verbs;

/// <summary>Options of fine-tune, run or profiled.</summary>
internal abstract class UnlearnFineTune : RetainOptions
{
    internal override IUnlearningMethod Method() => new FineTuneMethod(Recipe(FineTuneMethod.Defaults));
}
