using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lacuna.Models;

/// <summary>
/// Vision Transformer (Dosovitskiy et al. 2021) of 12 blocks: patches become tokens by one convolution, a class token goes before them, positions are learned.
/// Names and weights laid out as in torchvision (class_token, conv_proj, encoder.pos_embedding, encoder.layers.encoder_layer_0.ln_1, …, heads.head). Its
/// "activations of the last stage" are the tokens that enter the last block.
/// </summary>
public sealed class VisionTransformer : StagedClassifier
{
    /// <summary>Side of a patch for small images when none is named: 28x28 and 32x32 give 49 and 64 patches.</summary>
    public const int SmallPatch = 4;

    /// <summary>Side of a patch for large images when none is named: 224x224 gives 196 patches.</summary>
    public const int LargePatch = 16;

    private const int Blocks = 12;

    private readonly Parameter class_token;
    private readonly Conv2d conv_proj;
    private readonly TransformerEncoder encoder;
    private readonly Sequential heads;
    private readonly int _rows;
    private readonly int _columns;

    /// <param name="architecture">Name in the zoo.</param>
    /// <param name="width">Numbers in a token; the hidden layer of a block has four times as many.</param>
    /// <param name="attentionHeads">Heads of the attention; they divide the width.</param>
    /// <param name="options">Classes and images, the patch named; it divides both sides of the image.</param>
    internal VisionTransformer(string architecture, int width, int attentionHeads, ModelOptions options) : base(architecture, options)
    {
        var patch = options.Patch!.Value;
        (_rows, _columns) = (options.Height / patch, options.Width / patch);
        class_token = new Parameter(zeros(1, 1, width).DetachFromDisposeScope());
        conv_proj = Conv2d(options.Channels, width, patch, stride: patch);
        encoder = new TransformerEncoder(1 + _rows * _columns, width, attentionHeads, Blocks);
        heads = Sequential(("head", Linear(width, options.Classes)));
        RegisterComponents();
        // As torchvision draws them; the head starts at zero.
        init.trunc_normal_(conv_proj.weight, std: Math.Sqrt(1.0 / (options.Channels * patch * patch)));
        init.zeros_(conv_proj.bias!);
        foreach (var (_, parameter) in heads.named_parameters()) init.zeros_(parameter);
    }

    /// <inheritdoc/>
    protected override Tensor Stages(Tensor normalised)
    {
        if ((normalised.size(2), normalised.size(3)) != (Options.Height, Options.Width))
            throw new ArgumentException($"{Architecture} was built for images of {Options.Height}x{Options.Width} pixels, whose positions it learned, and cannot take {normalised.size(2)}x{normalised.size(3)}.");
        var patches = conv_proj.call(normalised).flatten(2).transpose(1, 2);
        return encoder.Enter(cat([class_token.expand(normalised.size(0), -1, -1), patches], 1), (block, tokens) => Seen($"block{block}", tokens));
    }

    /// <inheritdoc/>
    public override Tensor Head(Tensor features) => heads.call(Seen(Penultimate, encoder.Leave(features).select(1, 0)));

    /// <summary>The patches' tokens where the patches lie; the class token lies nowhere.</summary>
    public override Tensor SpatialMap(Tensor features) =>
        features.narrow(1, 1, _rows * _columns).transpose(1, 2).reshape(features.size(0), features.size(2), _rows, _columns);
}
