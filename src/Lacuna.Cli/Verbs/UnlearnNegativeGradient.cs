using Lacuna.Methods.InstanceWise;

namespace Lacuna.Cli.Verbs;

/// <summary>Options of negative-gradient, run or profiled.</summary>
internal abstract class UnlearnNegativeGradient : InstanceOptions
{
    protected override InstanceWiseOptions Settings() => Shared() with { AdversarialImages = 0, Lambda = 0 };
}
