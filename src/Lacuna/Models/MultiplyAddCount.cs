using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lacuna.Models;

/// <summary>
/// What a forward pass costs, counted while it runs: multiply-adds of convolutions, linear layers and attention (its two matrix products and the
/// projections). One multiply-add is one, as in torchvision's "GFLOPS"; biases, norms, activations and pooling are not counted.
/// </summary>
public static class MultiplyAddCount
{
    /// <summary>Multiply-adds for one image.</summary>
    /// <param name="model">Watched during one pass of a black image on its device; left as it was.</param>
    /// <param name="height">Pixels of the image.</param>
    /// <param name="width">Pixels of the image.</param>
    public static long Of(Classifier model, int height, int width)
    {
        long sum = 0;
        List<Action> removers = [];
        void Watch(nn.Module<Tensor, Tensor> module, Func<Tensor, Tensor, long> cost)
        {
            var remover = module.register_forward_hook((_, input, output) =>
            {
                sum += cost(input, output);
                return output;
            });
            removers.Add(remover.remove);
        }
        foreach (var (_, module) in model.named_modules())
        {
            switch (module)
            {
                case Conv2d layer:
                    var patch = layer.weight.numel() / layer.out_channels;
                    Watch(layer, (_, output) => output.numel() * patch);
                    break;
                case Linear layer:
                    Watch(layer, (_, output) => output.numel() * layer.in_features);
                    break;
                case SelfAttention attention:
                    Watch(attention, (input, _) => attention.MultiplyAdds(input.size(1)));
                    break;
            }
        }
        var wasTraining = model.training;
        model.eval();
        try
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            var like = model.TrainableParameters()[0].Value;
            model.call(zeros([1, model.Options.Channels, height, width], dtype: like.dtype, device: like.device));
            return sum;
        }
        finally
        {
            foreach (var remove in removers) remove();
            model.train(wasTraining);
        }
    }
}
