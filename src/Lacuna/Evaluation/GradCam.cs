using Lacuna.Methods;
using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Evaluation;

/// <summary>Where a network looks: relu(sum over channels of mean(d f_c / d A_k) A_k) on the last stage (Selvaraju et al. 2017, eq. 1 and 2).</summary>
public static class GradCam
{
    /// <summary>Maps [N, h, w] of the class named for each image, at the last stage's size. The caller owns them.</summary>
    public static Tensor Of(StagedClassifier model, Tensor images, Tensor classes)
    {
        using var scope = NewDisposeScope();
        using var frozen = new FrozenWeights(model);
        Tensor features;
        using (no_grad()) features = model.Features(images);
        var leaf = features.detach().requires_grad_();
        var chosen = model.Head(leaf).gather(1, classes.unsqueeze(1)).sum();
        var gradient = autograd.grad([chosen], [leaf])[0];
        return (model.SpatialMap(gradient).mean([2, 3], keepdim: true) * model.SpatialMap(leaf.detach())).sum(1).relu().MoveToOuterDisposeScope();
    }
}
