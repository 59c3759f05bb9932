using System.Globalization;
using CommandLine;
using CommandLine.Text;
using Lacuna.Data;
using Lacuna.Data.Downloads;
using Lacuna.Data.Images.Packing;
using Spectre.Console;

namespace Lacuna.Cli.Verbs;

[Verb("list", HelpText = "List the sets that are known, downloaded and packed; or of one set the images per class, mean, deviation and hash.")]
internal sealed class DataList : DataVerb, IVerb
{
    [Value(0, MetaName = "DATA", HelpText = Words.Data)]
    public string? Data { get; set; }

    [Usage(ApplicationAlias = "lacuna data")]
    public static IEnumerable<Example> Examples { get; } = [new("What is in a folder", Brief, new DataList { Data = "photos" })];

    public int Run(Host host)
    {
        if (Data is null) ListAll(host);
        else ListOne(host, this.Open(Data, host));
        return ExitCode.Done;
    }

    private void ListAll(Host host)
    {
        var home = DataHome.Default;
        var sets = PublicSets.All.Select(set => new { set.Name, Downloaded = home.Find(set) is not null, Folder = home.FolderOf(set), DownloadBytes = set.Files.Sum(file => file.Bytes), set.Home }).ToArray();
        var packs = new PackCache(PackCache.DefaultFolder).List().Select(pack => new { pack.Source, TrainImages = pack.Train.Count, TestImages = pack.Test.Count, Shape = (int[])[pack.Train.Channels, pack.Train.StoredHeight, pack.Train.StoredWidth], Skipped = pack.Skipped.Count, Bytes = pack.FileLength, pack.Path }).ToArray();
        if (Json)
        {
            host.WriteJson(new { Bundled = BundledData.Name, Sets = sets, Packs = packs });
            return;
        }
        host.Out.WriteLine($"{BundledData.Name}: bundled");
        foreach (var set in sets)
            host.Out.WriteLine(set.Downloaded ? $"{set.Name}: in {set.Folder}" : $"{set.Name}: 'lacuna data get {set.Name}' downloads it, {Megabytes(set.DownloadBytes)}");
        foreach (var pack in packs)
            host.Out.WriteLine($"{pack.Source}: packed, {pack.TrainImages} training and {pack.TestImages} test images of {string.Join('x', pack.Shape)}, {Megabytes(pack.Bytes)} in {pack.Path}");
    }

    private void ListOne(Host host, LoadedData data)
    {
        var parts = new[] { data.Train, data.Test }.Select(set => (Set: set, Counts: set.CountsPerClass(), Channels: ChannelStatistics.Of(set, host.Interrupt))).ToArray();
        if (Json)
        {
            host.WriteJson(new
            {
                data.Source,
                ClassNames = data.Train.ClassNames,
                SubClassNames = data.Train.Details.SubNames,
                Parts = parts.Select(part => new { part.Set.Name, Images = part.Set.Count, ImagesPerClass = part.Counts, part.Channels.Mean, part.Channels.Deviation, Sha256 = part.Set.ContentHash, Bytes = part.Set.Pixels.Length }),
            });
            return;
        }
        foreach (var (set, counts, channels) in parts)
        {
            host.Out.WriteLine($"{set.Name}: {set.Count} images of {set.Channels}x{set.StoredHeight}x{set.StoredWidth} in {set.ClassCount} classes{(set.Details.SubNames.Count > 0 ? $" and {set.Details.SubNames.Count} sub-classes" : "")}, {Megabytes(set.Pixels.Length)}");
            host.Out.WriteLine($"  mean {Figures(channels.Mean)}, deviation {Figures(channels.Deviation)}");
            host.Out.WriteLine($"  SHA-256 {set.ContentHash}");
        }
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn("").RightAligned());
        table.AddColumn("Class");
        table.AddColumn(new TableColumn("Training").RightAligned());
        table.AddColumn(new TableColumn("Test").RightAligned());
        for (var i = 0; i < data.Train.ClassCount; i++)
            table.AddRow($"{i}", Markup.Escape(data.Train.ClassNames[i]), $"{parts[0].Counts[i]}", $"{parts[1].Counts[i]}");
        host.Screen.Write(table);
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");

    private static string Figures(IEnumerable<double> values) => string.Join(", ", values.Select(value => value.ToString("0.0000", CultureInfo.InvariantCulture)));
}
