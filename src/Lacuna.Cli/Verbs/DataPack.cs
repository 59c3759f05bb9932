using CommandLine;
using CommandLine.Text;
using Lacuna.Data.Images;

namespace Lacuna.Cli.Verbs;

[Verb("pack", HelpText = "Decode a folder of images once into the cache, from which every later start maps it. Other verbs do so by themselves when it is not there.")]
internal sealed class DataPack : DataVerb, IVerb
{
    [Value(0, MetaName = "DATA", Required = true, HelpText = "A folder of images: train/CLASS/*.jpg|png and test/CLASS/*, or CLASS/*.")]
    public string Data { get; set; } = "";

    [Option("again", HelpText = "Pack even when the cache has it.")]
    public bool Again { get; set; }

    [Usage(ApplicationAlias = "lacuna data")]
    public static IEnumerable<Example> Examples { get; } = [new("Photographs of many sizes, kept at 256x256", Brief, new DataPack { Data = "photos", Resize = 256, SkipBad = true })];

    public int Run(Host host)
    {
        var request = this.Request(Data);
        var start = host.Clock.GetTimestamp();
        var data = this.Open(request with { Folder = request.Folder with { Repack = Again } }, host);
        var seconds = host.Clock.GetElapsedTime(start).TotalSeconds;
        if (data.Pack is not { } pack) throw new UsageException($"{Data} needs no packing: its files hold the pixels already. Name it with --data as it is.");
        var images = pack.Train.Count + pack.Test.Count;
        if (Json)
        {
            host.WriteJson(new { data.Source, pack.Path, Bytes = pack.FileLength, pack.FromCache, pack.Skipped, pack.OtherFiles, Seconds = seconds });
            return ExitCode.Done;
        }
        foreach (var (file, reason) in pack.Skipped) host.Out.WriteLine($"left out: {file}: {reason}");
        host.Out.WriteLine(pack.FromCache
            ? $"{Data} is packed already: {images} images in {pack.Path}. --again packs it anew."
            : FormattableString.Invariant($"{pack.Train.Count} training and {pack.Test.Count} test images in {seconds:0.0} s ({images / seconds:0} a second), {pack.FileLength / 1e6:0.0} MB in {pack.Path}{(pack.OtherFiles > 0 ? $"; {pack.OtherFiles} other files passed over" : "")}"));
        return ExitCode.Done;
    }
}
