using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Gpu.Optimisers;
using Lacuna.Methods;
using Lacuna.Methods.Attacks;
using Lacuna.Methods.InstanceWise;
using Lacuna.Models;
using Lacuna.Tests.Models;
using TorchSharp;
using static Lacuna.Tests.Methods.Tiny;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

public sealed class InstanceWiseTests : IDisposable
{
    private static readonly int[] forget = [4, 9, 17];

    private static readonly InstanceWiseOptions options = new()
    {
        AdversarialImages = 2, Attack = new(1, 0.2, 4), LearningRate = 0.02, ForgetBatchSize = 2, AdversarialBatchSize = 4, MaxPasses = 200,
    };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Classifier _model = Trained();
    private readonly ImageSet _set = Bands(12);

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void StopsAtTheFirstStepAfterWhichNoImageKeepsItsLabel()
    {
        Assert.Equal(Own(), Predicted(_model));
        using var outcome = Run(options with { LearningRate = 0.005 });
        Assert.True(outcome.Converged);
        Assert.Equal("no forget image keeps its label", outcome.StopReason);
        Assert.All(Predicted(outcome.Model).Zip(Own()), pair => Assert.NotEqual(pair.Second, pair.First));
        Assert.True(outcome.Steps > 2, $"{outcome.Steps} steps prove little");
        Assert.Equal(outcome.Steps, outcome.Trace["loss"].Count);

        // Two steps a pass: one pass less than it took leaves an image with its label.
        using var shorter = Run(options with { LearningRate = 0.005, MaxPasses = (outcome.Steps - 1) / 2 });
        Assert.False(shorter.Converged);
        Assert.Contains("cap of", shorter.StopReason);
        Assert.Equal((outcome.Steps - 1) / 2 * 2, shorter.Steps);
        Assert.Contains(true, Predicted(shorter.Model).Zip(Own()).Select(pair => pair.First == pair.Second));
    }

    [Fact]
    public void ImagesThatAreWrongAlreadyNeedNoStep()
    {
        var labels = _set.Labels.ToArray();
        foreach (var row in forget) labels[row] = (labels[row] + 1) % Classes;
        var mislabelled = new ImageSet("mislabelled", _set.Pixels.ToArray(), labels, 1, 8, 8, _set.ClassNames);
        using var outcome = new InstanceWiseMethod(options).Run(_model, Task(forget, set: mislabelled), TestContext.Current.CancellationToken);
        Assert.Equal((0, true), (outcome.Steps, outcome.Converged));
        Assert.Equal(Fingerprint(_model), Fingerprint(outcome.Model));
    }

    [Theory]
    [InlineData(BatchNormMode.Eval)]
    [InlineData(BatchNormMode.Train)]
    public void RelabellingReachesTheLabel(BatchNormMode batchNorm)
    {
        // Rows 3 and 12 are of class 0.
        var relabel = options with { Goal = InstanceGoal.Relabel, NewLabel = 2, BatchNorm = batchNorm };
        using var outcome = new InstanceWiseMethod(relabel).Run(_model, Task([3, 12]), TestContext.Current.CancellationToken);
        Assert.True(outcome.Converged, outcome.StopReason);
        Assert.Equal([2, 2], Predicted(outcome.Model, [3, 12]));
        Assert.Equal(batchNorm == BatchNormMode.Eval, RunningMean(_model).SequenceEqual(RunningMean(outcome.Model)));
    }

    [Fact]
    public void DrawnLabelsAreOthersThanTheOwn()
    {
        using var outcome = Run(options with { Goal = InstanceGoal.Relabel, AdversarialImages = 0 });
        Assert.True(outcome.Converged, outcome.StopReason);
        Assert.All(Predicted(outcome.Model).Zip(Own()), pair => Assert.NotEqual(pair.Second, pair.First));
    }

    [Fact]
    public void OneImageAloneCanBeForgotten()
    {
        using var outcome = new InstanceWiseMethod(options).Run(_model, Task([7]), TestContext.Current.CancellationToken);
        Assert.True(outcome.Converged, outcome.StopReason);
        Assert.NotEqual(_set.Labels.Span[7], Predicted(outcome.Model, [7])[0]);
    }

    [Fact]
    public void TheOwnLabelIsNoNewLabel()
    {
        var method = new InstanceWiseMethod(options with { Goal = InstanceGoal.Relabel, NewLabel = _set.Labels.Span[9] });
        var message = Assert.Throws<ArgumentException>(() => method.Run(_model, Task([3, 9]), TestContext.Current.CancellationToken)).Message;
        Assert.Contains($"Image {(_set.Labels.Span[3] == _set.Labels.Span[9] ? 3 : 9)} already has the label", message);
    }

    /// <summary>A step so long that the weights overflow: the images of every class lose their label to NaN, which is no forgetting.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void DivergenceIsAnErrorAndNotSuccess(int row)
    {
        var method = new InstanceWiseMethod(options with { AdversarialImages = 0, LearningRate = 1e30 });
        var message = Assert.Throws<DivergedException>(() => method.Run(_model, Task([row]), TestContext.Current.CancellationToken)).Message;
        Assert.Contains("diverged", message);
        Assert.Contains("Lower the learning rate (1E+30)", message);
    }

    [Fact]
    public void ThePullsGradientIsThatOfItsTerm()
    {
        using var model = Formula.Double("cnn-s", Grey(3));
        var images = Formula.Values(7, 3, 1, 8, 8);
        var labels = tensor(new long[] { 0, 1, 2 });
        using var pull = Pull.Towards(model, new Batch(images, labels, [0, 1, 2]), options with { Lambda = 0.6 }, TensorKernels.Native, TestContext.Current.CancellationToken);
        var hold = TensorKernels.Native.Hold(WeightImportance.Measure(model, images, labels, options.Importance, TensorKernels.Native, 2, TestContext.Current.CancellationToken));
        Tensor[] parameters = [.. model.TrainableParameters().Select(p => p.Value)];
        Tensor[] start = [.. parameters.Select(p => p.detach().clone())];
        using (no_grad())
        {
            foreach (var (p, k) in parameters.Select((p, k) => (p, k))) p.add_((Formula.Values(k, p.shape) - 0.5) * 0.3);
        }
        var term = parameters.Select((p, k) => (hold[k] * (p - start[k]).square()).sum()).Aggregate((a, b) => a + b) * 0.3;
        var expected = autograd.grad([term], parameters);

        Tensor[] gradients = [.. parameters.Select(p => ones_like(p))];
        Tensor[] before = [.. parameters.Select(p => p.detach().clone())];
        using var optimiser = new FusedSgd(TensorKernels.Native, parameters, pull: pull.Force);
        Assert.Equal(term.ToDouble(), optimiser.StepAndValuePull(gradients, learningRate: 1).ToDouble(), 1e-10);
        for (var i = 0; i < parameters.Length; i++) Near(Numbers(expected[i] + 1), before[i] - parameters[i], 1e-13);
    }

    /// <summary>Without the pull's weight the first step is plain SGD on the negative cross-entropy.</summary>
    [Fact]
    public void TheFirstStepIsAscentOnTheForgetImages()
    {
        using var model = Trained();
        var batch = new BatchSource(_set, forget, CPU).All();
        var plain = options with { AdversarialImages = 0, Lambda = 0, WeightDecay = 0, ForgetBatchSize = 3 };
        var loss = -Losses.CrossEntropy(_model.call(batch.Images), batch.Labels).mean();
        Tensor[] parameters = [.. _model.TrainableParameters().Select(p => p.Value)];
        var gradients = autograd.grad([loss], parameters);

        var step = new Step(model, batch, batch.Labels, adversarial: null, pull: null, plain, TensorKernels.Native);
        Assert.Equal(loss.ToDouble(), step.Take(0).Loss, 1e-7);
        var moved = model.TrainableParameters();
        for (var i = 0; i < moved.Count; i++) Near(Numbers(parameters[i] - gradients[i] * 0.02), moved[i].Value, 1e-7);
        Assert.Equal("negative-gradient", new InstanceWiseMethod(plain).Name);
    }

    [Fact]
    public void AdversarialImagesStandNearTheirOwnAndAimElsewhere()
    {
        using var made = AdversarialSet.Make(_model, Task(forget), options, TestContext.Current.CancellationToken);
        Assert.Equal([6, 1, 8, 8], made.Images.shape);
        var targets = made.Targets.data<long>().ToArray();
        Assert.All(targets.Zip(Own().Concat(Own())), pair => Assert.NotEqual(pair.Second, (int)pair.First));
        Assert.All(targets, t => Assert.InRange(t, 0, Classes - 1));
        var own = new BatchSource(_set, [.. forget, .. forget], CPU).All().Images;
        Assert.All(Numbers((made.Images - own).flatten(1).square().sum(1).sqrt()), norm => Assert.InRange(norm, 0.1, 1 + 1e-6));
        Assert.All(Numbers(made.Images), v => Assert.InRange(v, 0, 1));

        using var otherBatches = AdversarialSet.Make(_model, Task(forget), options with { AttackBatchSize = 4 }, TestContext.Current.CancellationToken);
        Assert.Equal(targets, otherBatches.Targets.data<long>().ToArray());
        // Other batch sizes may round otherwise; a few steps keep that small.
        Near(Numbers(made.Images), otherBatches.Images, 1e-4);
    }

    [Fact]
    public void OptionsThatMakeNoSenseAreRefused()
    {
        Assert.Contains("NewLabel is 3", Refused(options with { Goal = InstanceGoal.Relabel, NewLabel = 3 }));
        Assert.Contains("NewLabel is -1", Refused(options with { Goal = InstanceGoal.Relabel, NewLabel = -1 }));
        Assert.Contains("choose the goal relabel", Refused(options with { NewLabel = 1 }));
        Assert.Contains("LearningRate is 0", Refused(options with { LearningRate = 0 }));
        Assert.Contains("LearningRate is NaN", Refused(options with { LearningRate = double.NaN }));
        Assert.Contains("Momentum is 1.5", Refused(options with { Momentum = 1.5 }));
        Assert.Contains("Lambda is -1", Refused(options with { Lambda = -1 }));
        Assert.Contains("AdversarialImages is -1", Refused(options with { AdversarialImages = -1 }));
        Assert.Contains("ForgetBatchSize is 0", Refused(options with { ForgetBatchSize = 0 }));
        Assert.Contains("Epsilon is 0", Refused(options with { Attack = new L2Pgd(0, 0.1, 1) }));
        Assert.Contains("Steps is 0", Refused(options with { Attack = new L2Pgd(1, 0.1, 0) }));
        Assert.Contains("MaxPasses is 0", Refused(options with { MaxPasses = 0 }));
        options.Validate(Classes);
    }

    private static string Refused(InstanceWiseOptions wrong) => Assert.Throws<ArgumentException>(() => wrong.Validate(Classes)).Message;

    private UnlearningOutcome Run(InstanceWiseOptions chosen) =>
        new InstanceWiseMethod(chosen).Run(_model, Task(forget), TestContext.Current.CancellationToken);

    private int[] Own() => [.. forget.Select(row => _set.Labels.Span[row])];

    private int[] Predicted(Classifier model, int[]? rows = null)
    {
        using var _ = no_grad();
        model.eval();
        return [.. model.call(new BatchSource(_set, rows ?? forget, CPU).All().Images).argmax(1).data<long>().ToArray().Select(c => (int)c)];
    }

    private static double[] RunningMean(Classifier model) => Numbers(model.state_dict()["bn1.running_mean"]);
}
