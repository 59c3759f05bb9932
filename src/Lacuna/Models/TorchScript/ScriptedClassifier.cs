using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lacuna.Models.TorchScript;

/// <summary>
/// A TorchScript module as a classifier. Its parameters and buffers stand under the names that they have in the file; those
/// that ask for a gradient there are trained. Its stages are not known, so there is no Grad-CAM of it.
/// </summary>
public sealed class ScriptedClassifier : Classifier
{
    /// <summary>The architecture's name, which stands for "what the file says".</summary>
    public const string Name = "torchscript";

    private readonly jit.ScriptModule<Tensor, Tensor> _script;
    private readonly HashSet<string> _trained;

    /// <summary>Takes over a module that <see cref="ScriptProbe"/> has looked at.</summary>
    internal ScriptedClassifier(jit.ScriptModule<Tensor, Tensor> script, ModelOptions options) : base(Name, options)
    {
        _script = script;
        // The package makes a module's tensors inside the dispose scope around its loading.
        foreach (var (_, value) in script.state_dict()) value.DetachFromDisposeScope();
        _trained = [.. script.named_parameters().Where(p => p.parameter.requires_grad).Select(p => p.name)];
    }

    /// <inheritdoc/>
    public override bool training => _script.training;

    /// <inheritdoc/>
    public override void train(bool train = true) => _script.train(train);

    /// <inheritdoc/>
    public override void eval() => _script.eval();

    /// <inheritdoc/>
    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) => _script.named_parameters(recurse);

    /// <inheritdoc/>
    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
        _script.named_buffers(recurse, include_nonpersistent);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Parameter Value)> TrainableParameters() =>
        [.. base.TrainableParameters().Where(p => _trained.Contains(p.Name))];

    // Its dropout layers are the library's own and draw from the library's one generator.
    /// <inheritdoc/>
    internal override void SeedDropout(ulong seed) => manual_seed((long)(seed >> 1));

    /// <summary>A second module with the same code, weights, mode, device and type; it shares nothing with this one.</summary>
    internal ScriptedClassifier Copy()
    {
        // Through a file, because the tensor library's public API has no other way to a second module.
        var path = Path.Combine(Path.GetTempPath(), $"lacuna-{Guid.NewGuid():N}.pt");
        try
        {
            jit.save(_script, path);
            using var like = _script.state_dict().Values.FirstOrDefault()?.alias();
            return new(jit.load<Tensor, Tensor>(path, like?.device ?? CPU), Options);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Writes code, weights and buffers as TorchScript.</summary>
    internal void SaveScript(string path) => jit.save(_script, path);

    // An in-place first layer then changes the normalised copy and never the caller's images.
    /// <inheritdoc/>
    protected override Tensor Logits(Tensor normalised) => _script.call(normalised).contiguous();

    /// <inheritdoc/>
    protected override nn.Module _to(Device device, ScalarType dtype, bool non_blocking)
    {
        _script.to(device, dtype, non_blocking);
        return this;
    }

    /// <inheritdoc/>
    protected override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
    {
        _script.to(deviceType, deviceIndex, non_blocking);
        return this;
    }

    /// <inheritdoc/>
    protected override nn.Module _to(ScalarType dtype, bool non_blocking)
    {
        _script.to(dtype, non_blocking);
        return this;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _script.Dispose();
        base.Dispose(disposing);
    }
}
