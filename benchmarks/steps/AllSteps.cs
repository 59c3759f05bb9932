using Lacuna.Gpu.Optimisers;
using Lacuna.Kernels;
using Lacuna.Methods;
using Lacuna.Methods.Attacks;
using Lacuna.Methods.ForgetVector;
using Lacuna.Methods.InstanceWise;
using Lacuna.Methods.MuMis;
using Lacuna.Methods.Training;
using Lacuna.Models;
using Lacuna.Models.Frozen;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Benchmarks.Steps;

/// <summary>All steps, in the order of the table.</summary>
internal static class AllSteps
{
    public static IReadOnlyList<Step> InOrder { get; } = [new ForwardStep(), new VectorStep(), new AttackStep(), new MuMisStep(), new ImportanceStep(), new InstanceWiseStep(), new TrainingStep()];

    /// <summary>By how much every weight of a network differs from another's.</summary>
    private static IReadOnlyDictionary<string, Tensor> Moves(Classifier moved, Classifier start) =>
        moved.TrainableParameters().Zip(start.TrainableParameters()).ToDictionary(pair => pair.First.Name, pair => (pair.First.Value - pair.Second.Value).detach());

    private sealed record ForwardStep() : Step("forward", "forward", 1e-4, CanRepeat: true)
    {
        public override object Options(Setting setting, int steps) => new { steps };

        public override Work Prepare(Setting setting, Classifier network, int steps)
        {
            var passes = new InputPasses(network, setting.Compute.Kernels);
            Tensor logits = null!;
            return new(() =>
            {
                for (var step = 0; step < steps; step++)
                {
                    if (step > 0) logits.Dispose();
                    logits = passes.Logits(setting["images"]);
                }
            }, () => new Dictionary<string, Tensor> { ["logits"] = logits }, [passes]);
        }
    }

    private sealed record VectorStep() : Step("forget-vector step", "forget_vector", 1e-2, CanRepeat: true)
    {
        private static readonly ForgetVectorOptions Recipe = new();

        public override object Options(Setting setting, int steps) => new Dictionary<string, object>
        {
            ["steps"] = steps, ["alpha"] = Recipe.Alpha, ["beta"] = Recipe.Beta, ["lambda"] = Recipe.Lambda, ["tau"] = Recipe.Tau,
            ["learning_rate"] = Recipe.LearningRate, ["momentum"] = Recipe.Momentum, ["weight_decay"] = Recipe.WeightDecay,
        };

        // The body of ForgetVectorMethod's loop.
        public override Work Prepare(Setting setting, Classifier network, int steps)
        {
            var kernels = setting.Compute.Kernels;
            var passes = new InputPasses(network, kernels);
            var delta = zeros_like(setting["images"][0]);
            var momentum = zeros_like(delta);
            var rule = new ForgetVectorStep(Recipe.Penalty, (float)Recipe.Lambda, (float)Recipe.LearningRate, (float)Recipe.Momentum, (float)Recipe.WeightDecay);
            var isForget = setting["is_forget"].to(ScalarType.Bool);
            return new(() =>
            {
                for (var step = 0; step < steps; step++)
                {
                    using var scope = NewDisposeScope();
                    var (_, gradient) = ForgetVectorLoss.WithInputGradient(passes, kernels.ApplyForgetVector(setting["images"], delta), setting["labels"], isForget,
                        new(Recipe.Alpha, Recipe.Beta, Recipe.Tau), kernels);
                    kernels.StepForgetVector(gradient, delta, momentum, rule);
                }
            }, () => new Dictionary<string, Tensor> { ["delta"] = delta }, [passes, momentum, isForget]);
        }
    }

    private sealed record AttackStep() : Step("L2-PGD step", "l2_pgd", 1e-2, CanRepeat: true)
    {
        public override object Options(Setting setting, int steps) => new { steps, step_size = 0.1, epsilon = 4.0 };

        public override Work Prepare(Setting setting, Classifier network, int steps)
        {
            var delta = setting["start"].clone();
            return new(() => new L2Pgd(4, 0.1, steps).Run(network, setting["images"], setting["targets"], delta, setting.Compute.Kernels), () => new Dictionary<string, Tensor> { ["delta"] = delta }, []);
        }
    }

    // A cosine of 0.9999 is a relative difference of 1.4e-2.
    private sealed record MuMisStep() : Step("MU-Mis step", "mu_mis", 1.4e-2, CanRepeat: true)
    {
        private const double Rate = 1e-4;

        public override bool MovesWeights => true;

        public override object Options(Setting setting, int steps) => new { steps, learning_rate = Rate };

        public override Work Prepare(Setting setting, Classifier network, int steps)
        {
            var kernels = setting.Compute.Kernels;
            network.eval();
            var compiled = FrozenNetwork.For(network, kernels);
            var optimiser = new FusedSgd(kernels, [.. network.TrainableParameters().Select(p => p.Value)]);
            return new(() =>
            {
                for (var step = 0; step < steps; step++)
                {
                    using var loss = compiled is null
                        ? MuMisLoss.Of(network, setting["images"], setting["labels"], setting["irrelevant"])
                        : MuMisLoss.Of(compiled, setting["images"], setting["labels"], setting["irrelevant"], kernels);
                    optimiser.Step(loss.Gradients, Rate);
                    compiled?.Fold();
                }
            }, () => Moves(network, setting.Model), [optimiser, compiled]);
        }
    }

    private sealed record ImportanceStep() : Step("per-sample importance", "importance", 1e-2, CanRepeat: false)
    {
        private const int TrialImages = 16;

        public override object Options(Setting setting, int steps) => new { images = Images(setting) };

        public override object? Trial(Setting setting, int steps) => new { images = Math.Min(TrialImages, Images(setting)) };

        public override int Images(Setting setting) => Math.Min(setting.Options.ImportanceImages, setting.Options.Batch);

        public override Work Prepare(Setting setting, Classifier network, int steps)
        {
            var (images, labels) = (setting["images"].narrow(0, 0, Images(setting)), setting["labels"].narrow(0, 0, Images(setting)));
            IReadOnlyList<Tensor> omega = [];
            return new(() =>
            {
                foreach (var earlier in omega) earlier.Dispose();
                omega = WeightImportance.Measure(network, images, labels, ImportanceKind.MasPerSample, setting.Compute.Kernels);
            }, () => setting.Model.TrainableParameters().Zip(omega).ToDictionary(pair => pair.First.Name, pair => pair.Second), [images, labels]);
        }
    }

    // A hundred steps of an attack carry a difference of rounding far, in float64's weights as well; what comes of it must still point the same way as PyTorch's.
    private sealed record InstanceWiseStep() : Step("instance-wise method", "instance_wise", 0.1, CanRepeat: false)
    {
        public override object Options(Setting setting, int steps)
        {
            var options = setting.Instance;
            var pairs = options.AdversarialImages * setting.Options.Instances;
            return new Dictionary<string, object>
            {
                ["pairs"] = pairs, ["attack_steps"] = options.Attack.Steps, ["step_size"] = options.Attack.StepSize, ["epsilon"] = options.Attack.Epsilon, ["attack_batch"] = options.AttackBatchSize,
                ["learning_rate"] = options.LearningRate, ["momentum"] = options.Momentum, ["weight_decay"] = options.WeightDecay, ["lambda"] = options.Lambda,
                ["adversarial_batch"] = options.AdversarialBatchSize, ["most_steps"] = options.MaxPasses * ((pairs + options.AdversarialBatchSize - 1) / options.AdversarialBatchSize),
            };
        }

        public override bool HasExactResult => false;

        // Its time is that of the attacks.
        public override object? Trial(Setting setting, int steps) => null;

        public override int Images(Setting setting) => setting.Options.Instances;

        public override Work Prepare(Setting setting, Classifier network, int steps)
        {
            UnlearningOutcome outcome = null!;
            return new(() => outcome = new InstanceWiseMethod(setting.Instance).Run(network, setting.Task, CancellationToken.None),
                () =>
                {
                    using (outcome)
                        return new Dictionary<string, Tensor>(Moves(outcome.Model, setting.Model)) { ["steps"] = tensor(new[] { (float)outcome.Steps }) };
                }, []);
        }
    }

    private sealed record TrainingStep() : Step("training step", "training", 1e-2, CanRepeat: true)
    {
        // One step: libtorch 1.13's batch norm in training mode is coarse on channels-last memory. Against float64 the weights' first move is then off by 0.5 % and more (contiguous: 0.02 %), after two steps by
        // 1.8 %, after five by 10 %.
        public override int ComparedSteps => 1;

        public override bool MovesWeights => true;

        // Every epoch is one step on the whole batch, in another order, which the mean does not see.
        private static TrainingOptions Recipe(Setting setting, int steps) => new() { Epochs = steps, BatchSize = setting.Options.Batch, LearningRate = 0.01 };

        public override object Options(Setting setting, int steps)
        {
            var recipe = Recipe(setting, steps);
            return new { momentum = recipe.Momentum, weight_decay = recipe.WeightDecay, learning_rates = Enumerable.Range(0, steps).Select(step => recipe.LearningRateAt(step, steps)).ToArray() };
        }

        public override Work Prepare(Setting setting, Classifier network, int steps)
        {
            return new(() => Trainer.Train(network, setting.BatchSet, [.. Enumerable.Range(0, setting.BatchSet.Count)], Recipe(setting, steps), setting.Draws, setting.Compute, new Setting.Nobody(), CancellationToken.None),
                () => Moves(network, setting.Model), []);
        }
    }
}
