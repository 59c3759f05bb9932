using Lacuna.Models;
using Lacuna.Tests.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Models.Zoo;

/// <summary>
/// Every architecture in every form against torchvision 0.14.1 (make_zoo_golden.py): the names and shapes of its state dict, logits, the gradient by the
/// image and by every parameter, its parameters and multiply-adds. In float32 the limits are those of the reference values, |error| &lt;= 1e-4 |value| + a
/// largest with a = 1e-6 forward and 1e-5 for gradients, for elements; a norm or projection of a gradient g may be off by 1e-4 ||g|| + 1e-5 largest. A gradient that is
/// wrong anywhere by more than that part of its norm is found by each of three projections (unless it is orthogonal to all), a permuted one too. In float64 the
/// limit is 1e-10, so that no wrong element escapes.
/// </summary>
public sealed class ZooGoldenTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    // Parameters and GMACs as torchvision's documentation has them, at 224x224 pixels and 1000 classes.
    public static TheoryData<string, Form?, int?, int, int, int, long, double> Cases => new()
    {
        { "resnet18", Form.Cifar, null, 2, 16, 5, 0, 0 },
        { "resnet18", Form.Imagenet, null, 2, 48, 1000, 11_689_512, 1.81 },
        { "resnet34", Form.Cifar, null, 2, 16, 5, 0, 0 },
        { "resnet34", Form.Imagenet, null, 2, 48, 1000, 21_797_672, 3.66 },
        { "resnet50", Form.Cifar, null, 2, 16, 5, 0, 0 },
        { "resnet50", Form.Imagenet, null, 2, 48, 1000, 25_557_032, 4.09 },
        { "vgg16_bn", Form.Cifar, null, 2, 32, 5, 0, 0 },
        { "vgg16_bn", Form.Imagenet, null, 2, 32, 1000, 138_365_992, 15.47 },
        { "mobilenet_v2", Form.Cifar, null, 2, 16, 5, 0, 0 },
        { "mobilenet_v2", Form.Imagenet, null, 2, 48, 1000, 3_504_872, 0.30 },
        { "vit_tiny", null, 4, 2, 16, 5, 0, 0 },
        { "vit_small", null, 8, 2, 32, 5, 0, 0 },
        { "vit_base", null, 16, 1, 224, 1000, 86_567_656, 17.56 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void IsTorchvisions(string architecture, Form? form, int? patch, int images, int side, int classes, long parameters, double gigaMultiplyAdds)
    {
        var name = $"{architecture}-{(form is null ? $"{patch}" : form.ToString()!.ToLowerInvariant())}";
        using var model = ModelZoo.Create(architecture, new(classes, 3, side, side, Normalisation.ImageNet, form, patch), seed: 1);
        Assert.Equal(
            ZooGolden.Keys(name).Order(StringComparer.Ordinal),
            model.state_dict().Select(e => $"{e.Key} {string.Join(",", e.Value.shape)}").Order(StringComparer.Ordinal));
        if (parameters > 0)
        {
            Assert.Equal(parameters, model.TrainableParameters().Sum(p => p.Value.numel()));
            Assert.Equal(gigaMultiplyAdds, Math.Round(MultiplyAddCount.Of(model, 224, 224) / 1e9, 2));
        }
        model.eval();
        Compare(model, float32, name + ".f32", images, side, forward: 1e-6, gradient: 1e-5, relative: 1e-4);
        if (!ZooGolden.HasDouble(name)) return;
        model.to(float64);
        Compare(model, float64, name + ".f64", images, side, forward: 1e-10, gradient: 1e-10, relative: 1e-10);
    }

    private static void Compare(Classifier model, ScalarType type, string name, int images, int side, double forward, double gradient, double relative)
    {
        using var scope = NewDisposeScope();
        Formula.Fill(model);
        var leaf = Formula.Values(99, images, 3, side, side).to(type).requires_grad_();
        var logits = model.call(leaf);
        var expected = Tiny.Numbers(ZooGolden.Numbers(name + ".logits"));
        Near(expected, Tiny.Numbers(logits), name + " logits", relative, forward * expected.Max(Math.Abs));

        var direction = (Formula.Values(98, images, model.Options.Classes) * 2 - 1).to(type);
        var named = model.TrainableParameters().OrderBy(p => p.Name, StringComparer.Ordinal).ToArray();
        var gradients = autograd.grad([(logits * direction).sum()], [leaf, .. named.Select(p => (Tensor)p.Value)]);
        var rows = Tiny.Numbers(ZooGolden.Numbers(name + ".gradients")).Chunk(8).ToArray();
        Assert.Equal(named.Length + 1, rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            var what = $"{name} gradient by {(i == 0 ? "the image" : named[i - 1].Name)}";
            var actual = ZooGolden.Summary(gradients[i]);
            var (largest, norm) = (rows[i][0], Math.Sqrt(rows[i][1]));
            Assert.True(largest > 0, what);
            // The largest magnitude and the three elements, then the norm and the projections.
            Near([rows[i][0], .. rows[i][5..]], [actual[0], .. actual[5..]], what, relative, gradient * largest);
            Near([norm, .. rows[i][2..5]], actual[1..5], what + " (sums)", 0, relative * norm + gradient * largest);
        }
        var sampled = gradients[0].reshape(-1);
        Near(Tiny.Numbers(ZooGolden.Numbers(name + ".image")), Tiny.Numbers(sampled.slice(0, 0, sampled.numel(), sampled.numel() / 200)), name + " gradient by the image", relative, gradient * rows[0][0]);
    }

    private static void Near(double[] expected, double[] actual, string what, double relative, double absolute)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= relative * Math.Abs(expected[i]) + absolute, $"{what}, number {i}: {actual[i]:R} instead of {expected[i]:R}");
    }
}
