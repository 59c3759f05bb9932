using CommandLine;
using CommandLine.Text;
using Lacuna.Data;
using Lacuna.Data.Downloads;
using Lacuna.Data.Images;

namespace Lacuna.Cli.Verbs;

[Verb("verify", HelpText = "Read every byte of a set: files of a download against their hashes, a pack against its own, and list damaged images. Exit code 1 when something is wrong.")]
internal sealed class DataVerify : DataVerb, IVerb
{
    [Value(0, MetaName = "DATA", Required = true, HelpText = Words.Data)]
    public string Data { get; set; } = "";

    [Usage(ApplicationAlias = "lacuna data")]
    public static IEnumerable<Example> Examples { get; } = [new("A download", Brief, new DataVerify { Data = "cifar10" })];

    public int Run(Host host)
    {
        if (SkipBad) throw new UsageException("'data verify' looks for damaged images; leave --skip-bad out.");
        var request = this.Request(Data);
        var home = request.Home;
        List<string> wrong = PublicSets.Find(Data) is { } set && !Path.Exists(Data) && home.Find(set) is not null ? [.. home.Check(set, host.Interrupt)] : [];
        // A file that is not the published one need not be readable.
        var data = wrong.Count > 0 ? null : Read(request with { Folder = request.Folder with { SkipBad = true } }, host);
        if (data?.Pack is { } pack)
        {
            wrong.AddRange(pack.Skipped.Select(image => $"{image.File}: {image.Reason}"));
            if (pack.FromCache) pack.Verify(host.Interrupt);
        }
        if (Json) host.WriteJson(new { Data, data?.Source, Wrong = wrong });
        else
        {
            foreach (var line in wrong) host.Out.WriteLine(line);
            if (data is not null)
            {
                foreach (var part in (ImageSet[])[data.Train, data.Test]) host.Out.WriteLine($"{part.Name}: {part.Count} images, SHA-256 {part.ContentHash}");
            }
            host.Out.WriteLine(wrong.Count == 0 ? "Nothing is wrong." : $"{wrong.Count} file(s) are wrong.");
        }
        return wrong.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private LoadedData Read(DataRequest request, Host host)
    {
        using var progress = new ProgressLine(host, Quiet);
        return DataSets.Open(request, new DataChoice.Relay(progress), host.Interrupt);
    }
}
