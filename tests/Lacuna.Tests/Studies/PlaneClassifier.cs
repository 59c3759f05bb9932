using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Tests.Studies;

/// <summary>
/// A network without weights: logit k is gain[k] times the mean of channel k. Its last stage is the image, so its Grad-CAM map of class k is
/// relu(gain[k] / pixels * channel k).
/// </summary>
internal sealed class PlaneClassifier(params float[] gains)
    : StagedClassifier("planes", new(gains.Length, gains.Length, Side, Side, new(new float[gains.Length], [.. Enumerable.Repeat(1f, gains.Length)])))
{
    public const int Side = 4;

    public override Tensor Head(Tensor features) => features.mean([2, 3]) * tensor(gains);

    protected override Tensor Stages(Tensor normalised) => normalised;
}
