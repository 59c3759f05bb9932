using Lacuna.Gpu;
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

    /// <summary>What the model is given for images [N, C, H, W]: the images with the forget vector added, or the images themselves.</summary>
    public Tensor Shown(Tensor images, TensorKernels kernels) => ForgetVector is null ? images : kernels.ApplyForgetVector(images, ForgetVector);
}
