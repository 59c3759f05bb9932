using Lacuna.Gpu;
using Lacuna.Models.Frozen;
using static TorchSharp.torch;

namespace Lacuna.Models;

/// <summary>By which passes a network is gone through, and why: said to the user and kept in a run's record. All who choose between the two ask here.</summary>
/// <param name="IsCompiled">Whether by a compiled form of it, otherwise by its own layers and automatic differentiation.</param>
/// <param name="Why">What was compiled, or why nothing was.</param>
public sealed record PassPlan(bool IsCompiled, string Why)
{
    /// <summary>The passes of evaluation: forward, gradients by the images, tangents, importance. Nothing is compiled yet.</summary>
    /// <exception cref="ArgumentException">Compiled passes are asked for and the network has none.</exception>
    public static PassPlan Of(Classifier model, TensorKernels kernels)
    {
        var chain = FrozenNetwork.ChainOf(model);
        return Choose(kernels, model.parameters().FirstOrDefault(), model.Architecture, chain is null ? model.ObstacleToCompiling : null, () => chain!.Contents);
    }

    /// <summary>The choice between a network's compiled form, whichever that is, and the general way.</summary>
    /// <param name="kernels">What was asked for, and what is at work.</param>
    /// <param name="weight">One of the network's; null where it has none.</param>
    /// <param name="name">The network's, for people.</param>
    /// <param name="obstacle">Why there is no compiled form; null where there is one.</param>
    /// <param name="contents">What is in it.</param>
    /// <exception cref="ArgumentException">It is asked for and there is none.</exception>
    internal static PassPlan Choose(TensorKernels kernels, Tensor? weight, string name, string? obstacle, Func<string> contents)
    {
        if (weight is null) obstacle ??= "it has no weights";
        return (kernels.Passes, obstacle) switch
        {
            (PassChoice.Compiled, not null) => throw new ArgumentException($"{name} cannot go through compiled passes, which were asked for: {obstacle}. Leave --passes out, or write --passes general."),
            (PassChoice.General, _) => new(false, "asked for"),
            (_, not null) => new(false, $"{name}: {obstacle}"),
            (PassChoice.Auto, _) when !kernels.RunOn(weight!) => new(false, kernels.WhyNot(weight!)),
            _ => new(true, contents()),
        };
    }

    /// <summary>In one line.</summary>
    public override string ToString() => $"{(IsCompiled ? "compiled network" : "general")} ({Why})";
}
