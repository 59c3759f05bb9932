using CommandLine;
using CommandLine.Text;
using Lacuna.Models;
using Lacuna.Models.Checkpoints;

namespace Lacuna.Cli.Verbs;

[Verb("convert", HelpText = "Write a checkpoint in another format: the same tensors byte for byte, the same metadata.")]
internal sealed class ConvertVerb : IVerb
{
    [Value(0, MetaName = "IN", Required = true, HelpText = "safetensors, or what torch.save writes (both forms).")]
    public string Input { get; set; } = "";

    [Value(1, MetaName = "OUT", Required = true, HelpText = "The ending says the format: .safetensors, or .pt and .pth for torch.load.")]
    public string Output { get; set; } = "";

    [Option("arch", HelpText = "Check that the tensors fit this architecture and write what it is into the file, so that other verbs need no --arch.")]
    public string? Architecture { get; set; }

    [Option("size", HelpText = "With --arch: sides of the images in pixels, 32 or 32x48 (default: what the shapes say, or is usual for the architecture).")]
    public string? Size { get; set; }

    [Option("mean", Separator = ',', HelpText = "With --arch: normalisation mean a channel (default: by channel count).")]
    public IEnumerable<float> Mean { get; set; } = [];

    [Option("std", Separator = ',', HelpText = "With --arch: normalisation deviation a channel.")]
    public IEnumerable<float> Std { get; set; } = [];

    [Option("force", HelpText = "Replace OUT if it is there.")]
    public bool Force { get; set; }

    [Option("json", HelpText = "Print one JSON document instead of a line.")]
    public bool Json { get; set; }

    [Usage(ApplicationAlias = "lacuna")]
    public static IEnumerable<Example> Examples { get; } =
        [new("Take a result back to PyTorch", new UnParserSettings { SkipDefault = true }, new ConvertVerb { Input = "runs/forgotten/mu-mis.safetensors", Output = "forgotten.pth" })];

    public int Run(Host host)
    {
        float[] mean = [.. Mean], std = [.. Std];
        if (Architecture is null && (Size is not null || mean.Length + std.Length > 0)) throw new UsageException("--size, --mean and --std say what an architecture is built for; give --arch too.");
        if ((mean.Length == 0) != (std.Length == 0)) throw new UsageException("--mean and --std belong together; give both or none.");
        var size = Size is null ? ((int Height, int Width)?)null : ParseSize(Size);
        if (!Force && File.Exists(Output)) throw new UsageException($"{Output} is there already. Give --force to replace it, or another name.");

        var written = CheckpointConversion.Run(Input, Output, Architecture, options => options with
        {
            Height = size?.Height ?? options.Height,
            Width = size?.Width ?? options.Width,
            Normalisation = mean.Length > 0 ? new(mean, std) : options.Normalisation,
        }, host.Warn);
        var bytes = new FileInfo(Output).Length;
        if (Json) host.WriteJson(new { file = Output, format = written.Format, bytes, tensors = written.Tensors.Count, metadata = written.Metadata });
        else host.Out.WriteLine(FormattableString.Invariant($"{Output}: {CheckpointReport.Name(written.Format)}, {bytes:N0} bytes, {written.Tensors.Count:N0} tensors, {written.Metadata.Count} line(s) of metadata"));
        return ExitCode.Done;
    }

    private static (int Height, int Width) ParseSize(string text)
    {
        var parts = text.Split('x');
        return parts.Length <= 2 && int.TryParse(parts[0], out var height) && int.TryParse(parts[^1], out var width)
            ? (height, width)
            : throw new UsageException($"--size is '{text}'; write one number of pixels, or height and width as 32x48.");
    }
}
