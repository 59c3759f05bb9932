using System.Text.Json.Serialization;

namespace Lacuna.Models.Checkpoints;

/// <summary>The forms of checkpoint files.</summary>
public enum CheckpointFormat
{
    /// <summary>Eight bytes of length, a JSON header, the tensors' bytes.</summary>
    [JsonStringEnumMemberName("safetensors")]
    Safetensors,

    /// <summary>torch.save since PyTorch 1.6: a zip archive with a pickle.</summary>
    [JsonStringEnumMemberName("pytorch-zip")]
    PyTorchZip,

    /// <summary>torch.save before PyTorch 1.6: five pickles and the storages.</summary>
    [JsonStringEnumMemberName("pytorch-legacy")]
    PyTorchLegacy,
}
