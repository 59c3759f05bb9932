using Lacuna.Methods.FineTune;
using Lacuna.Methods.ForgetVector;
using Lacuna.Methods.InstanceWise;
using Lacuna.Methods.MuMis;
using Lacuna.Methods.Retrain;
using Lacuna.Methods.Training;

namespace Lacuna.Methods;

/// <summary>Every method by the name under which the command line and experiment files ask for it.</summary>
public static class MethodCatalogue
{
    /// <summary>In the order in which they are listed.</summary>
    public static IReadOnlyList<MethodEntry> All { get; } =
    [
        MethodEntry.Of("retrain", recipe => recipe, options => new RetrainMethod(options)),
        MethodEntry.Of("fine-tune", _ => FineTuneMethod.Defaults, options => new FineTuneMethod(options)),
        MethodEntry.Of("negative-gradient", _ => new InstanceWiseOptions { AdversarialImages = 0, Lambda = 0 }, options => new InstanceWiseMethod(options)),
        MethodEntry.Of("forget-vector", _ => new ForgetVectorOptions(), options => new ForgetVectorMethod(options)),
        MethodEntry.Of("mu-mis", _ => new MuMisOptions(), options => new MuMisMethod(options)),
        MethodEntry.Of("instance-wise", _ => new InstanceWiseOptions(), options => new InstanceWiseMethod(options)),
    ];
}
