using Lacuna.Evaluation.Verification;
using Lacuna.Gpu;
using Lacuna.Methods;
using Lacuna.Methods.Attacks;
using Lacuna.Methods.MuMis;
using Lacuna.Models;
using Lacuna.Models.Checkpoints;
using Lacuna.Tests.Methods;
using Lacuna.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Evaluation;

/// <summary>
/// The public reference (PyTorch's values for a public ResNet-20), where it is at hand; and a small file of our own, which is no
/// evidence for any value but shows what the verifier reads from names and that it sees what is wrong.
/// </summary>
public sealed class ReferenceVerifierTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void EverythingInTheReferenceHolds()
    {
        using var model = Public();
        var findings = Verify(model, SharedData.Require("reference/resnet20-cifar10.safetensors"));
        Assert.All(findings, f => Assert.True(f.Holds, $"{f.Quantity}: {f.Closeness} of {f.Limit}. {f.Note}"));
        Assert.Equal(35, findings.Count);
        Assert.All(findings, f => Assert.InRange(f.Closeness, 0, 1));
    }

    [Theory]
    [InlineData("logits")]
    [InlineData("fisher_batch.layer2.1.conv2.weight")]
    [InlineData("mia_pred_member")]
    public void OneElementChangedInTheReferenceIsFound(string changed)
    {
        using var model = Public();
        string[] kept = ["logits", "ce", "conf", "fisher_batch", "sens_target_sq", "mia_pred_member"];
        var tensors = CheckpointReader.Read(SharedData.Require("reference/resnet20-cifar10.safetensors")).Tensors
            .Where(t => kept.Contains(t.Name.Split('.')[0]) || IsInput(t.Name))
            .Select(t => t.Name == changed ? Tampered(t) : t);
        var findings = Verify(model, Written(tensors));
        Assert.Equal(changed.Split('.')[0], Assert.Single(findings, f => !f.Holds).Quantity);
        Assert.Equal(kept.Length, findings.Count);
    }

    [Fact]
    public void OneElementChangedInOurOwnIsFound()
    {
        using var model = Model();
        var own = Own(model);
        Assert.All(Verify(model, Written(own.Values)), f => Assert.True(f.Holds, f.Quantity));
        foreach (var name in own.Keys.Where(name => !IsInput(name)))
        {
            var findings = Verify(model, Written(own.Values.Select(t => t.Name == name ? Tampered(t) : t)));
            var quantity = name.StartsWith("ssd", StringComparison.Ordinal) ? name.Split('.')[0] : name;
            // One pixel of 320 is within the three in a hundred that an attack may miss.
            if (name.Contains("pgd", StringComparison.Ordinal)) Assert.All(findings, f => Assert.True(f.Holds, f.Quantity));
            else Assert.Equal(quantity, Assert.Single(findings, f => !f.Holds).Quantity);
        }
    }

    [Theory]
    [InlineData("mumis_sgd_lr1e-4_losses", "mumis_sgd_lr2e-4_losses")]
    [InlineData("salun_top10_threshold", "salun_top12.5_threshold")]
    [InlineData("l2pgd_eps2_alpha0.2_steps3", "l2pgd_eps2_alpha0.4_steps3")]
    [InlineData("l2pgd_eps2_alpha0.2_steps3", "l2pgd_eps2_alpha0.2_steps1")]
    [InlineData("linfpgd_eps8_step2_steps3_from_x", "linfpgd_eps4_step2_steps3_from_x")]
    [InlineData("ssd_per_sample_alpha3", "ssd_per_sample_alpha0.5")]
    public void NumbersAreReadFromNames(string right, string wrong)
    {
        using var model = Model();
        var renamed = Own(model).Values.Select(t => t with { Name = t.Name.Replace(right, wrong, StringComparison.Ordinal) });
        Assert.Equal(wrong, Assert.Single(Verify(model, Written(renamed)), f => !f.Holds).Quantity);
    }

    [Fact]
    public void WhatIsUnknownOrOfAnotherShapeDoesNotHold()
    {
        using var model = Model();
        var own = Own(model);
        own["logits"] = CheckpointTensors.FromTensor("logits", zeros([5, 4]));
        own["hessian"] = CheckpointTensors.FromTensor("hessian", zeros([2]));
        own.Remove("ssd_per_sample_alpha3.fc1.weight");
        var missed = Verify(model, Written(own.Values)).Where(f => !f.Holds).ToDictionary(f => f.Quantity, f => f.Note);
        Assert.Equal(["hessian", "logits", "ssd_per_sample_alpha3"], missed.Keys.Order());
        Assert.Contains("not a quantity", missed["hessian"]);
        Assert.Contains("[5, 4]", missed["logits"]);
        Assert.Contains("9 of 10", missed["ssd_per_sample_alpha3"]);
    }

    [Fact]
    public void NotANumberDoesNotHold()
    {
        using var model = Model();
        var own = Own(model);
        own["ce"] = CheckpointTensors.FromTensor("ce", full([5], float.NaN));
        Assert.Equal("ce", Assert.Single(Verify(model, Written(own.Values)), f => !f.Holds).Quantity);
    }

    [Fact]
    public void AFileWithoutImagesIsNoReference()
    {
        using var model = Model();
        var own = Own(model);
        own.Remove("x");
        Assert.Contains("has no tensor 'x'", Assert.Throws<CheckpointException>(() => Verify(model, Written(own.Values))).Message);
    }

    private static Classifier Public() =>
        ModelFile.Load(SharedData.Require("reference/resnet20-cifar10.th"), "resnet20", new(10, 3, 32, 32, Normalisation.ImageNet), _ => { });

    private static Classifier Model()
    {
        var model = Formula.Fill(ModelZoo.Create("cnn-s", Tiny.Grey(3), seed: 0));
        model.eval();
        return model;
    }

    /// <summary>Five images, the first to be forgotten, and by the engine's own methods what carries numbers in its name.</summary>
    private static SortedDictionary<string, CheckpointTensor> Own(Classifier model)
    {
        using var scope = NewDisposeScope();
        var cancellation = TestContext.Current.CancellationToken;
        var x = Formula.Values(1, 5, 1, 8, 8).to(float32);
        var (y, irrelevant) = (tensor(new long[] { 0, 1, 2, 0, 1 }), tensor(new long[] { 1, 2, 0, 2, 0 }));
        var start = (Formula.Values(2, 5, 1, 8, 8).to(float32) - 0.5) * 0.01;
        var tensors = new SortedDictionary<string, CheckpointTensor>(StringComparer.Ordinal);
        void Add(string name, Tensor value) => tensors.Add(name, CheckpointTensors.FromTensor(name, value));

        Add("x", x);
        Add("y", y);
        Add("c_irrelevant", irrelevant);
        Add("fv_forget_mask", tensor(new byte[] { 1, 0, 0, 0, 0 }));
        Add("l2pgd_init_delta", start);
        var logits = model.call(x);
        Add("logits", logits);
        Add("ce", Losses.CrossEntropy(logits, y));

        var delta = start.clone();
        new L2Pgd(2, 0.2, 3).Run(model, x, irrelevant, delta, TensorKernels.Native, cancellation);
        Add("l2pgd_eps2_alpha0.2_steps3", x + delta);
        Add("linfpgd_eps8_step2_steps3_from_x", new LinfPgd(8 / 255.0, 2 / 255.0, 3).Run(model, x, y, TensorKernels.Native, cancellation));

        var parameters = model.TrainableParameters();
        var saliency = autograd.grad([Losses.CrossEntropy(model.call(x.narrow(0, 0, 1)), y.narrow(0, 0, 1)).mean()], [.. parameters.Select(p => (Tensor)p.Value)]);
        var flat = cat([.. saliency.Select(g => g.abs().flatten())], 0);
        Add("salun_top10_threshold", flat.sort(descending: true).Values[flat.numel() / 10 - 1]);

        var all = WeightImportance.Measure(model, x, y, ImportanceKind.FisherPerSample, TensorKernels.Native, 32, cancellation);
        var forget = WeightImportance.Measure(model, x.narrow(0, 0, 1), y.narrow(0, 0, 1), ImportanceKind.FisherPerSample, TensorKernels.Native, 32, cancellation);
        for (var i = 0; i < parameters.Count; i++)
        {
            var p = parameters[i].Value.detach();
            Add($"ssd_per_sample_alpha3.{parameters[i].Name}", where(forget[i] > all[i] * 3, p * (all[i] / forget[i]), p));
        }

        using var copy = ModelZoo.Clone(model);
        using var optimiser = optim.SGD(copy.parameters(), 1e-4);
        var losses = new float[3];
        for (var step = 0; step < losses.Length; step++)
        {
            using var loss = MuMisLoss.Of(copy, x, y, irrelevant);
            losses[step] = (float)loss.Loss;
            foreach (var ((_, parameter), gradient) in copy.TrainableParameters().Zip(loss.Gradients)) parameter.grad = gradient;
            optimiser.step();
        }
        Add("mumis_sgd_lr1e-4_losses", tensor(losses));
        return tensors;
    }

    private static bool IsInput(string name) =>
        name is "x" or "y" or "c_irrelevant" or "fv_delta" or "fv_forget_mask" or "l2pgd_init_delta" or "mia_members" or "mia_nonmembers" or "mia_targets";

    /// <summary>The element of the largest magnitude one per cent larger; of decisions, the first turned around.</summary>
    private static CheckpointTensor Tampered(CheckpointTensor stored)
    {
        using var scope = NewDisposeScope();
        var flat = CheckpointTensors.ToTensor(stored).view(-1);
        if (stored.Type == ElementType.F32)
        {
            var at = flat.abs().argmax().ToInt64();
            flat[at] = flat[at] * 1.01;
        }
        else
        {
            flat[0] = 1 - flat[0];
        }
        return CheckpointTensors.FromTensor(stored.Name, flat.view(stored.Shape));
    }

    private string Written(IEnumerable<CheckpointTensor> tensors)
    {
        SafetensorsFile.Write(_folder.File("reference.safetensors"), [.. tensors]);
        return _folder.File("reference.safetensors");
    }

    private static List<Finding> Verify(Classifier model, string path) => [.. ReferenceVerifier.Verify(model, path, CPU, TestContext.Current.CancellationToken)];
}
