using Lacuna.Data;
using Lacuna.Data.Images;
using Lacuna.Data.Images.Packing;
using Lacuna.Runs;

namespace Lacuna.Cli.Verbs;

/// <summary>The options that say how data is opened, the same on every verb that opens some.</summary>
internal interface IDataChoice
{
    CifarLabels? Labels { get; }

    int? Resize { get; }

    int? Size { get; }

    string? SplitFile { get; }

    string? HoldOut { get; }

    bool SkipBad { get; }

    bool Quiet { get; }
}

/// <summary>Opens what the options name.</summary>
internal static class DataChoice
{
    /// <summary>The request for the engine.</summary>
    public static DataRequest Request(this IDataChoice choice, string location) => new(location)
    {
        Labels = choice.Labels,
        Folder = new ImageFolderOptions
        {
            Sizing = new ImageSizing { Resize = choice.Resize, Given = choice.Size },
            SplitFile = choice.SplitFile,
            HeldOut = choice.HoldOut is { } share ? HeldOutShare.Parse(share) : null,
            SkipBad = choice.SkipBad,
        },
    };

    /// <summary>Opens data, with progress while it is packed.</summary>
    public static LoadedData Open(this IDataChoice choice, string location, Host host) => choice.Open(choice.Request(location), host);

    /// <summary>Opens data as a request has it, with progress while it is packed.</summary>
    public static LoadedData Open(this IDataChoice choice, DataRequest request, Host host)
    {
        using var progress = new ProgressLine(host, choice.Quiet);
        var loaded = DataSets.Open(request, new Relay(progress), host.Interrupt);
        progress.Clear();
        if (loaded.Pack is { Skipped.Count: > 0 and var skipped }) host.Warn($"{skipped} damaged image(s) were left out; 'lacuna data verify' lists them.");
        return loaded;
    }

    // Not Progress<T>: that one reports from another thread, and late.
    internal sealed class Relay(IProgress<RunProgress> target) : IProgress<PackProgress>
    {
        public void Report(PackProgress value) =>
            target.Report(new("pack images", value.Done, value.Total, $"{value.Done} of {value.Total}{(value.Damaged > 0 ? $", {value.Damaged} damaged" : "")}"));
    }
}
