using Lacuna.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lacuna.Methods.Training;

/// <summary>
/// The weights of a network while it is trained, and how optimisers see them. Channels-last, the filters of convolutions [O, C, h, w] lie as [O, h, w, C] in
/// memory, as the library's convolutions then want them: kept in their usual order they would be turned round three times a step, which costs from nothing
/// (resnet20) to a fifth of the time (mobilenet_v2). The optimiser gets the same memory as [O, h, w, C], contiguous. Disposing restores the usual order.
/// </summary>
internal sealed class TrainedWeights : IDisposable
{
    private readonly Classifier _model;
    private readonly bool _channelsLast;
    private readonly Parameter[] _parameters;
    private readonly bool[] _turned;
    private readonly Tensor[] _plain;

    /// <param name="model">Its parameters become other objects when the order changes, now and when this is disposed.</param>
    /// <param name="channelsLast">Whether batches are.</param>
    public TrainedWeights(Classifier model, bool channelsLast)
    {
        (_model, _channelsLast) = (model, channelsLast);
        if (channelsLast) ReplaceFilters(weight => weight.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2));
        _parameters = [.. model.TrainableParameters().Select(p => p.Value)];
        _turned = [.. _parameters.Select(p => channelsLast && p.dim() == 4 && !p.is_contiguous())];
        using var _ = no_grad();
        _plain = [.. _parameters.Select((p, i) => Plain(p.detach(), i).DetachFromDisposeScope())];
    }

    /// <summary>The parameters' memory, in registration order, each contiguous.</summary>
    public IReadOnlyList<Tensor> Plains => _plain;

    /// <summary>Gradients of a scalar, of the shapes of <see cref="Plains"/>, contiguous whatever order the backward pass chose. The caller owns them.</summary>
    public Tensor[] Gradients(Tensor loss) => Plain(autograd.grad([loss], [.. _parameters]));

    /// <summary>As <see cref="Gradients"/>, of gradients that are known by parameter.</summary>
    public Tensor[] Plain(IEnumerable<Tensor> gradients) => [.. gradients.Select((gradient, i) => Plain(gradient, i).contiguous())];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _plain) tensor.Dispose();
        if (_channelsLast) ReplaceFilters(weight => weight.contiguous());
    }

    private Tensor Plain(Tensor tensor, int i) => _turned[i] ? tensor.permute(0, 2, 3, 1) : tensor;

    private void ReplaceFilters(Func<Tensor, Tensor> order)
    {
        using var scope = NewDisposeScope();
        foreach (var convolution in _model.modules().OfType<Conv2d>())
        {
            var old = convolution.weight!;
            // Where the order is no other (one channel, 1x1 filters), order() may give the same memory again: the parameter made of it shares it, and the old one goes.
            var weight = new Parameter(order(old.detach()), old.requires_grad);
            weight.DetachFromDisposeScope();
            convolution.weight = weight;
        }
    }
}
