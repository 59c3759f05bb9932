using System.Text.RegularExpressions;

namespace Lacuna.Models;

/// <summary>
/// Names of a Vision Transformer's tensors in other people's files: timm's (cls_token, blocks.0.attn.qkv, …), and torchvision's before 0.14 (mlp.linear_1).
/// The values lie as ours do; only names differ.
/// </summary>
internal static partial class VisionTransformerNames
{
    private static readonly (string Theirs, string Ours)[] _whole = [("cls_token", "class_token"), ("pos_embed", "encoder.pos_embedding")];

    private static readonly (string Theirs, string Ours)[] _heads = [("patch_embed.proj.", "conv_proj."), ("norm.", "encoder.ln."), ("head.", "heads.head.")];

    private static readonly (string Theirs, string Ours)[] _inBlock =
    [
        ("norm1.", "ln_1."), ("norm2.", "ln_2."), ("attn.qkv.", "self_attention.in_proj_"), ("attn.proj.", "self_attention.out_proj."),
        ("mlp.fc1.", "mlp.0."), ("mlp.fc2.", "mlp.3."), ("mlp.linear_1.", "mlp.0."), ("mlp.linear_2.", "mlp.3."),
    ];

    /// <summary>Our name for theirs; a name that is not known stays as it is.</summary>
    public static string Ours(string theirs)
    {
        if (Array.Find(_whole, w => w.Theirs == theirs).Ours is { } whole) return whole;
        var block = Block().Match(theirs);
        if (block.Success) return $"encoder.layers.encoder_layer_{block.Groups[1].Value}." + WithHead(block.Groups[2].Value, _inBlock);
        return WithHead(theirs, _heads);
    }

    private static string WithHead(string name, (string Theirs, string Ours)[] table)
    {
        var (theirs, ours) = Array.Find(table, t => name.StartsWith(t.Theirs, StringComparison.Ordinal));
        return theirs is null ? name : ours + name[theirs.Length..];
    }

    [GeneratedRegex(@"^(?:blocks\.|encoder\.layers\.encoder_layer_)(\d+)\.(.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Block();
}
