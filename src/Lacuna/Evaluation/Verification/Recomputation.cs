using Lacuna.Kernels;
using Lacuna.Data;
using Lacuna.Gpu;
using Lacuna.Gpu.Optimisers;
using Lacuna.Methods;
using Lacuna.Methods.Attacks;
using Lacuna.Methods.ForgetVector;
using Lacuna.Methods.InstanceWise;
using Lacuna.Methods.MuMis;
using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Evaluation.Verification;

/// <summary>
/// Every quantity of a reference file computed by the engine's own methods on the reference's images. Intermediate values
/// that several quantities share are computed once and kept until disposal.
/// </summary>
internal sealed class Recomputation : IDisposable
{
    private readonly ReferenceSet _reference;
    private readonly Classifier _model;
    private readonly TensorKernels _kernels;
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Dictionary<ImportanceKind, IReadOnlyList<Tensor>> _importance = [];

    public Recomputation(ReferenceSet reference, Classifier model, TensorKernels kernels)
    {
        (_reference, _model, _kernels) = (reference, model, kernels);
        model.eval();
        Images = reference["x"];
        Labels = reference["y"];
        Irrelevant = reference["c_irrelevant"];
        IsForget = reference["fv_forget_mask"].to(ScalarType.Bool);
        var forgetRows = IsForget.nonzero().flatten();
        ForgetImages = Images.index_select(0, forgetRows);
        ForgetLabels = Labels.index_select(0, forgetRows);
    }

    public Tensor Images { get; }

    public Tensor Labels { get; }

    public Tensor Irrelevant { get; }

    public Tensor IsForget { get; }

    private Tensor ForgetImages { get; }

    private Tensor ForgetLabels { get; }

    public Tensor Logits()
    {
        using var _ = no_grad();
        return _model.call(Images);
    }

    public (Tensor Confidence, Tensor Entropy, Tensor ModifiedEntropy, Tensor Correct) ScoreMembership() => _kernels.ScoreMembership(Logits(), Labels);

    public Tensor CrossEntropyInputGradient() => InputGradient(logits => Losses.CrossEntropy(logits, Labels));

    public Tensor LogitInputGradient(Tensor classes)
    {
        using var frozen = new FrozenWeights(_model);
        return InputGradients.OfLogit(_model, Images, classes);
    }

    public Tensor Sensitivity(Tensor classes) => _kernels.SquaredNorms(LogitInputGradient(classes));

    public Tensor JacobianRows() =>
        stack([.. Enumerable.Range(0, _model.Options.Classes).Select(c => Sensitivity(full_like(Labels, c)))], 1);

    public (Tensor Loss, IReadOnlyList<Tensor> Gradients) MuMis()
    {
        var loss = MuMisLoss.Of(_model, Images, Labels, Irrelevant);
        var parameters = _model.TrainableParameters();
        return (tensor((float)loss.Loss), [.. loss.Gradients.Select((g, i) => g ?? zeros_like(parameters[i].Value))]);
    }

    public Tensor MuMisTrajectory(double learningRate, long steps)
    {
        using var model = ModelZoo.Clone(_model);
        model.eval();
        var losses = new float[steps];
        using var optimiser = new FusedSgd(_kernels, [.. model.TrainableParameters().Select(p => p.Value)]);
        for (var i = 0; i < losses.Length; i++)
        {
            using var loss = MuMisLoss.Of(model, Images, Labels, Irrelevant);
            losses[i] = (float)loss.Loss;
            optimiser.Step(loss.Gradients, learningRate);
        }
        return tensor(losses);
    }

    public IReadOnlyList<Tensor> Importance(ImportanceKind kind)
    {
        if (!_importance.TryGetValue(kind, out var omega))
            _importance[kind] = omega = WeightImportance.Measure(_model, Images, Labels, kind, _kernels, batchSize: (int)Images.size(0));
        return omega;
    }

    public IReadOnlyList<Tensor> ForgetImportance(ImportanceKind kind) => WeightImportance.Measure(_model, ForgetImages, ForgetLabels, kind, _kernels);

    public IReadOnlyList<Tensor> ForgetHold(ImportanceKind kind) => _kernels.Hold(ForgetImportance(kind));

    public ForgetVectorLoss ForgetVectorTerms()
    {
        using var _ = no_grad();
        return ForgetVectorLoss.Of(_model.call(Images + _reference["fv_delta"]), Labels, IsForget, tau: 1);
    }

    public (Tensor Loss, Tensor Gradient) ForgetVector(ForgetVectorPenalty penalty)
    {
        using var frozen = new FrozenWeights(_model);
        return ForgetVectorMethod.LossAndGradient(_model, Images, Labels, IsForget, _reference["fv_delta"],
            new ForgetVectorOptions { Alpha = 1, Beta = 5, Lambda = 1, Tau = 1, Penalty = penalty }, _kernels);
    }

    public Tensor L2Attack(L2Pgd attack)
    {
        var delta = _reference["l2pgd_init_delta"].clone();
        attack.Run(_model, Images, Irrelevant, delta, _kernels);
        return Images + delta;
    }

    public Tensor LinfAttack(LinfPgd attack) => attack.Run(_model, Images, Labels, _kernels);

    /// <summary>Forget rows to misclassify, the reference's own attacked images with the irrelevant classes as adversarial rows; momentum 0.9, weight decay 1e-4, lambda 1.</summary>
    public (Tensor Losses, IReadOnlyList<Tensor> Parameters, Tensor Logits) InstanceWise(double learningRate, long steps)
    {
        using var model = ModelZoo.Clone(_model);
        var options = new InstanceWiseOptions
        {
            LearningRate = learningRate, Momentum = 0.9, WeightDecay = 1e-4, Lambda = 1, AdversarialBatchSize = (int)Images.size(0), ForgetBatchSize = (int)ForgetImages.size(0),
        };
        var forget = new Batch(ForgetImages, ForgetLabels, [.. Enumerable.Range(0, (int)ForgetImages.size(0))]);
        using var pull = Pull.Towards(model, forget, options, _kernels, CancellationToken.None);
        using var step = new Step(model, forget, ForgetLabels, new AdversarialSet(_reference.First("l2pgd_eps"), Irrelevant), pull, options, _kernels);
        var losses = Enumerable.Range(0, (int)steps).Select(i => (float)step.Take(i).Loss).ToArray();
        using var _ = no_grad();
        return (tensor(losses), [.. model.TrainableParameters().Select(p => p.Value.detach().clone())], model.call(Images));
    }

    /// <summary>Selective synaptic dampening: where F_f > alpha F_D the weight is scaled by min(F_D / F_f, 1) (Foster et al. 2024, lambda 1).</summary>
    public IReadOnlyList<Tensor> Dampened(double alpha)
    {
        var all = Importance(ImportanceKind.FisherPerSample);
        var forget = ForgetImportance(ImportanceKind.FisherPerSample);
        return [.. _model.TrainableParameters().Select((p, i) =>
            where(forget[i] > all[i] * alpha, p.Value.detach() * (all[i] / forget[i]).clamp_max(1), p.Value.detach()))];
    }

    /// <summary>|gradient of the mean cross-entropy of the forget rows| over all parameters in order (Fan et al. 2024).</summary>
    public Tensor SaliencyFlat() => cat([.. ForgetImportanceRoots()], 0);

    /// <summary>The k-th largest of <see cref="SaliencyFlat"/>, with k the given share of all.</summary>
    public Tensor SaliencyThreshold(double share)
    {
        var flat = SaliencyFlat();
        return _kernels.LargestMagnitudes([flat], (long)(flat.numel() * share)).Threshold;
    }

    /// <summary>Null where the network does not show its stages.</summary>
    public Tensor? GradCamMap() => _model is StagedClassifier staged ? GradCam.Of(staged, Images, Labels) : null;

    public (Tensor Predicted, Tensor Efficacy) Membership()
    {
        double[] Values(string name) => _reference[name].cpu().to(ScalarType.Float64).data<double>().ToArray();
        var svc = RbfSvc.Fit(Values("mia_members"), Values("mia_nonmembers"), new RbfSvcOptions());
        var predicted = Values("mia_targets").Select(t => svc.Predict(t) ? (byte)1 : (byte)0).ToArray();
        return (tensor(predicted), tensor((float)(1 - predicted.Average(p => (double)p))));
    }

    public void Dispose() => _scope.Dispose();

    private IEnumerable<Tensor> ForgetImportanceRoots()
    {
        var loss = Losses.CrossEntropy(_model.call(ForgetImages), ForgetLabels).mean();
        return autograd.grad([loss], [.. _model.TrainableParameters().Select(p => (Tensor)p.Value)]).Select(g => g.abs().flatten());
    }

    private Tensor InputGradient(Func<Tensor, Tensor> objective)
    {
        using var frozen = new FrozenWeights(_model);
        return InputGradients.Of(_model, Images, objective);
    }
}
