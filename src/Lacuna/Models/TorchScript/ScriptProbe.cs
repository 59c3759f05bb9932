using System.Runtime.InteropServices;
using Lacuna.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Models.TorchScript;

/// <summary>
/// Finds out by running it whether a script module is a classifier that Lacuna can work with: three images to [3, K] logits, each image's
/// its own, differentiable by the images.
/// </summary>
/// <param name="script">In evaluation.</param>
/// <param name="shape">Channels, height, width and normalisation of the images; the class count is what is asked for.</param>
/// <param name="path">Stands in messages.</param>
internal sealed class ScriptProbe(jit.ScriptModule<Tensor, Tensor> script, ModelOptions shape, string path)
{
    private const int Images = 3;

    // One image alone may take another convolution algorithm than in a batch; a neighbour's influence is far larger.
    private const double RoundingShare = 1e-3;

    /// <summary>The number of classes.</summary>
    /// <exception cref="CheckpointException">The module is no such classifier; the message says why and what to do in Python.</exception>
    public int CountClasses(Action<string> warn)
    {
        using var scope = NewDisposeScope();
        CheckTensors(warn);
        using var scaling = new ChannelScaling(shape.Normalisation);
        var images = scaling.Apply(Patterns());
        Tensor logits;
        using (no_grad()) logits = LogitsOf(images);
        using (no_grad()) CheckRowsAreIndependent(images, logits);
        CheckDifferentiable(images);
        if (LookLikeProbabilities(logits))
            warn($"{path}: the outputs of every image are positive and sum to 1. Logits are expected: if the module ends in a softmax, script it without.");
        return checked((int)logits.size(1));
    }

    /// <summary>Values all over [0,1], different for every image: multiples of the golden ratio, without their whole part.</summary>
    private Tensor Patterns()
    {
        var values = new float[Images * shape.Channels * shape.Height * shape.Width];
        for (var i = 0; i < values.Length; i++) values[i] = (float)((i + 1) * 0.6180339887498949 % 1);
        return tensor(values, [Images, shape.Channels, shape.Height, shape.Width]);
    }

    private void CheckTensors(Action<string> warn)
    {
        foreach (var (name, value) in script.state_dict())
        {
            if (value.dtype is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float64)
                throw Fail($"holds '{name}' as {value.dtype}, and images are float32. In Python: torch.jit.save(torch.jit.load(file).float(), other).");
            if (!value.is_contiguous())
                throw Fail($"holds '{name}' not contiguous. In Python, before scripting: model.to(memory_format=torch.contiguous_format).");
            if (!value.isfinite().all().ToBoolean()) warn($"{path}: '{name}' holds NaN or infinite values.");
        }
    }

    private Tensor LogitsOf(Tensor images)
    {
        Tensor? logits;
        try
        {
            // A copy, since a module may work in place on what it is given.
            logits = script.call(images.clone());
        }
        catch (InvalidCastException)
        {
            throw Fail("gives a tuple or list where one tensor of logits is needed. Script a module whose forward returns the logits alone.");
        }
        catch (ExternalException e)
        {
            throw Fail($"does not run on {Shape(images)}: {LastLine(e)} Give data of the module's own shape with --data; where it was traced, "
                + "trace code that takes any number of images (flatten(1) in place of view(batch, -1)), or script it.", e);
        }
        if (logits is null || logits.dim() != 2 || logits.size(0) != images.size(0) || logits.size(1) < 2 || logits.dtype != ScalarType.Float32)
            throw Fail($"gives {(logits is null ? "nothing" : $"{Shape(logits)} of {logits.dtype}")} for {images.size(0)} images; a classifier gives logits [{images.size(0)}, classes] of Float32. Script a module whose forward returns them.");
        return logits;
    }

    private void CheckRowsAreIndependent(Tensor images, Tensor together)
    {
        var alone = cat([.. Enumerable.Range(0, Images).Select(i => LogitsOf(images.narrow(0, i, 1)))], 0);
        var difference = (alone - together).abs().max().ToDouble();
        if (difference > RoundingShare * Math.Max(1, together.abs().max().ToDouble()))
            throw Fail("gives an image other logits alone than among others, even in evaluation: batch norm or dropout goes on training inside. A trace keeps the mode it was made in: call model.eval() before torch.jit.trace.");
    }

    private void CheckDifferentiable(Tensor images)
    {
        var leaf = images.detach().requires_grad_();
        var logits = script.call(leaf.clone());
        var weights = arange(1, logits.size(1) + 1, dtype: ScalarType.Float32);
        // Asked first: the package ends the process when it differentiates what has no graph.
        var gradient = logits.requires_grad ? autograd.grad([(logits * weights).sum()], [leaf], allow_unused: true)[0] : null;
        if (gradient is null || gradient.IsInvalid || gradient.abs().max().ToDouble() == 0)
            throw Fail("is not differentiable by its images: no gradient reaches them, as behind detach(), no_grad() or a rounding. Every method but retraining needs it.");
    }

    private static bool LookLikeProbabilities(Tensor logits) =>
        logits.min().ToDouble() >= 0 && (logits.sum(dim: 1) - 1).abs().max().ToDouble() < 1e-4;

    /// <summary>libtorch shows where in the script it happened; what happened is its last line.</summary>
    private static string LastLine(ExternalException e)
    {
        var what = e.Message.Split("\nException raised from")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
        return what.EndsWith('.') ? what : what + ".";
    }

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    private CheckpointException Fail(string problem, Exception? inner = null) => new(path, "the TorchScript module " + problem, inner);
}
