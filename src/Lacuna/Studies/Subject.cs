using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Studies;

/// <summary>A model that is looked at: the original, the oracle, or what a method left.</summary>
/// <param name="Name">"original", "retrain" (the oracle), or the method's name.</param>
/// <param name="Model">Belongs to whoever made the subject.</param>
/// <param name="ForgetVector">[C, H, W], added to every image that the model is shown; null for none.</param>
public sealed record Subject(string Name, Classifier Model, Tensor? ForgetVector)
{
    /// <summary>Name of the model before anything was forgotten.</summary>
    public const string Original = "original";
}
