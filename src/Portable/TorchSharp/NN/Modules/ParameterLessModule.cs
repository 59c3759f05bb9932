using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A module that only computes: there is nothing to register, move or save.</summary>
public abstract class ParameterLessModule<T1, TResult> : nn.Module<T1, TResult>
{
    /// <summary>A module of the given name.</summary>
    protected ParameterLessModule(string name) : base(name)
    {
    }

    /// <inheritdoc/>
    public override void register_module(string name, nn.Module submodule) => throw Refusal(name);

    /// <inheritdoc/>
    public override void register_parameter(string name, Parameter param) => throw Refusal(name);

    /// <inheritdoc/>
    public override void register_buffer(string name, Tensor tensor, bool persistent = true) => throw Refusal(name);

    private InvalidOperationException Refusal(string part) =>
        new($"'{part}' cannot be registered in '{GetName()}', which has no parameters; put both into a Sequential or a module of your own.");
}
