using Lacuna.Gpu;
using Lacuna.Kernels;
using Lacuna.Profiling;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lacuna.Methods;

/// <summary>
/// A model's layers, watched through its forward passes: what goes into each and what comes out. In evaluation an image's score depends on no other image,
/// so one backward pass of the sum of all scores gives every image's own gradient by every layer's output, and with the layer's input that makes every
/// image's own gradient by the weights.
/// </summary>
internal sealed class WatchedLayers : IDisposable
{
    private readonly List<Layer> _layers = [];
    private readonly List<Action> _removers = [];

    private WatchedLayers()
    {
    }

    /// <summary>
    /// Begins to watch; null when a parameter belongs to something else than a convolution that pads with zeros, a linear layer, or a batch norm with
    /// running statistics.
    /// </summary>
    /// <param name="model">In evaluation when it is called.</param>
    /// <param name="parameters">Those whose importance is wanted.</param>
    public static WatchedLayers? Of(nn.Module model, IReadOnlyList<(string Name, Parameter Value)> parameters)
    {
        var indices = parameters.Select((p, i) => (p.Name, Index: i)).ToDictionary(p => p.Name, p => p.Index);
        var layers = new List<Layer>();
        foreach (var (name, module) in model.named_modules())
        {
            int? Own(string parameter) => indices.Remove($"{name}.{parameter}", out var index) ? index : null;
            var known = module switch
            {
                Conv2d { padding_mode: PaddingModes.Zeros, padding: not null } => true,
                BatchNorm2d { affine: true, bias: not null, running_mean: not null, running_var: not null } => true,
                Linear => true,
                _ => false,
            };
            if (known && Own("weight") is { } weight) layers.Add(new((nn.Module<Tensor, Tensor>)module, weight, Own("bias")));
        }
        if (indices.Count > 0) return null;
        var watched = new WatchedLayers();
        foreach (var layer in layers) watched.Watch(layer);
        return watched;
    }

    /// <summary>Whether every layer was called exactly once since <see cref="Forget"/>, with a tensor that its kernel takes.</summary>
    public bool Complete => _layers.All(layer => layer.Calls == 1 && layer.Input!.dim() == (layer.Module is Linear ? 2 : 4));

    /// <summary>Lets go of what was seen.</summary>
    public void Forget()
    {
        foreach (var layer in _layers) layer.Forget();
    }

    /// <summary>Adds every image's importance to that of the parameters, in their order.</summary>
    /// <param name="scores">One an image, [N], from the forward pass that was watched; its graph is used up.</param>
    /// <param name="omega">One tensor a parameter.</param>
    /// <param name="share">Weight of an image.</param>
    /// <param name="measure">Absolute values or squares.</param>
    /// <param name="kernels">What does the layers' work.</param>
    public void Accumulate(Tensor scores, IReadOnlyList<Tensor> omega, float share, ImportanceMeasure measure, TensorKernels kernels)
    {
        using var scope = NewDisposeScope();
        IList<Tensor> gradients;
        using (kernels.Profiler.Span(SpanKind.Pass, PassNames.InputGradient, scores.size(0))) gradients = autograd.grad([scores.sum()], [.. _layers.Select(layer => layer.Output!)]);
        foreach (var (layer, output) in _layers.Zip(gradients))
        {
            var (input, gradient) = (layer.Input!.contiguous(), output.contiguous());
            switch (layer.Module)
            {
                case Conv2d convolution:
                    kernels.AccumulateConvolutionImportance(input, gradient, omega[layer.Weight], Shape(convolution, input), share, measure);
                    break;
                case BatchNorm2d norm:
                    kernels.AccumulateAffineImportance(input, gradient, norm.running_mean!, norm.running_var!, norm.eps, omega[layer.Weight], omega[layer.Bias!.Value], share, measure);
                    continue; // its bias is done
                default:
                    kernels.AccumulateLinearImportance(input, gradient, omega[layer.Weight], share, measure);
                    break;
            }
            if (layer.Bias is { } bias) kernels.AccumulateBiasImportance(gradient, omega[bias], share, measure);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var remove in _removers) remove();
        Forget();
    }

    private void Watch(Layer layer)
    {
        _layers.Add(layer);
        var remover = layer.Module.register_forward_hook((_, input, output) => layer.See(input, output));
        _removers.Add(remover.remove);
    }

    private static ConvolutionShape Shape(Conv2d layer, Tensor input) => new(input.size(0), (int)layer.in_channels, (int)input.size(2), (int)input.size(3), (int)layer.out_channels,
        (int)layer.kernel_size[0], (int)layer.kernel_size[1], (int)layer.stride[0], (int)layer.stride[1], (int)layer.padding![0], (int)layer.padding[1],
        (int)layer.dilation[0], (int)layer.dilation[1], (int)layer.groups);

    /// <summary>A layer, where its parameters are, and what went through it.</summary>
    private sealed class Layer(nn.Module<Tensor, Tensor> module, int weight, int? bias)
    {
        public nn.Module<Tensor, Tensor> Module => module;

        public int Weight => weight;

        public int? Bias => bias;

        public int Calls { get; private set; }

        public Tensor? Input { get; private set; }

        public Tensor? Output { get; private set; }

        /// <summary>
        /// Keeps handles of its own, since containers dispose what passes from layer to layer: the output it keeps lies between the layer and what comes
        /// after it, so that gradients by it are gradients by the layer's output.
        /// </summary>
        public Tensor See(Tensor input, Tensor output)
        {
            Forget(Calls + 1);
            Input = input.detach().DetachFromDisposeScope();
            Output = output.alias().DetachFromDisposeScope();
            return Output.alias();
        }

        public void Forget(int calls = 0)
        {
            Input?.Dispose();
            Output?.Dispose();
            (Input, Output, Calls) = (null, null, calls);
        }
    }
}
