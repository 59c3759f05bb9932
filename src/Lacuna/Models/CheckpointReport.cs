using Lacuna.Models.Checkpoints;

namespace Lacuna.Models;

/// <summary>What a checkpoint file holds, and which networks of the zoo it fits.</summary>
/// <param name="File">The path.</param>
/// <param name="Format">Its form.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Parameters">Elements that are trained: all but running statistics.</param>
/// <param name="Metadata">Text beside the tensors.</param>
/// <param name="Tensors">Every tensor, in the file's order.</param>
/// <param name="Networks">Networks of the zoo that come into question, best first; see <see cref="ArchitectureFinder"/>.</param>
public sealed record CheckpointReport(
    string File, CheckpointFormat Format, long Bytes, long Parameters, IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<TensorReport> Tensors, IReadOnlyList<ArchitectureMatch> Networks)
{
    /// <summary>Reads and examines a file.</summary>
    /// <exception cref="CheckpointException">It cannot be read.</exception>
    public static CheckpointReport Of(string path)
    {
        var file = CheckpointReader.Read(path);
        TensorReport[] tensors = [.. file.Tensors.Select(TensorReport.Of)];
        return new(path, file.Format, new FileInfo(path).Length, tensors.Where(tensor => !tensor.IsBuffer).Sum(tensor => tensor.Elements), file.Metadata, tensors, ArchitectureFinder.Find(file));
    }

    /// <summary>The format in words.</summary>
    public static string Name(CheckpointFormat format) => format switch
    {
        CheckpointFormat.Safetensors => "safetensors",
        CheckpointFormat.PyTorchZip => "PyTorch, zip form",
        CheckpointFormat.PyTorchLegacy => "PyTorch, legacy form",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format."),
    };
}
