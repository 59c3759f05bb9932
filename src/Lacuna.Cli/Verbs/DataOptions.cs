using CommandLine;
using Lacuna.Data;
using Lacuna.Models;

namespace Lacuna.Cli.Verbs;

/// <summary>Options of verbs that work on data.</summary>
internal abstract class DataOptions : CommonOptions, IDataChoice
{
    /// <summary>Help of the option that allows TorchScript, on the verbs that take a network.</summary>
    protected const string ScriptHelp = "Run the program inside a TorchScript file. It can do what you can do: only for files you trust.";

    [Option("data", Default = BundledData.Name, HelpText = Words.Data)]
    public string Data { get; set; } = BundledData.Name;

    [Option("labels", HelpText = Words.Labels)]
    public CifarLabels? Labels { get; set; }

    [Option("resize", HelpText = Words.Resize)]
    public int? Resize { get; set; }

    [Option("size", HelpText = Words.Size)]
    public int? Size { get; set; }

    [Option("split-file", HelpText = Words.SplitFile)]
    public string? SplitFile { get; set; }

    [Option("hold-out", HelpText = Words.HoldOut)]
    public string? HoldOut { get; set; }

    [Option("skip-bad", HelpText = Words.SkipBad)]
    public bool SkipBad { get; set; }

    [Option("seed", Default = 1UL, HelpText = "Seed of everything random.")]
    public ulong Seed { get; set; } = 1;

    [Option("mean", Separator = ',', HelpText = "Normalisation mean a channel, for example 0.286 (default: by channel count, none for TorchScript; a Lacuna checkpoint brings its own).")]
    public IEnumerable<float> Mean { get; set; } = [];

    [Option("std", Separator = ',', HelpText = "Normalisation deviation a channel, for example 0.353.")]
    public IEnumerable<float> Std { get; set; } = [];

    /// <summary>Training and test images, and what they were.</summary>
    protected (ImageSet Train, ImageSet Test, DataSource Source) LoadData(Host host)
    {
        var data = this.Open(Data, host);
        return (data.Train, data.Test, data.Source);
    }

    /// <summary>What a network for this data is built for.</summary>
    protected virtual ModelOptions ShapeFor(ImageSet set) => new(set.ClassCount, set.Channels, set.Height, set.Width, NormalisationFor(set.Channels));

    /// <summary>The named normalisation, or the default one.</summary>
    protected Normalisation NormalisationFor(int channels) => NamedNormalisation() ?? Normalisation.Default(channels);

    private Normalisation? NamedNormalisation()
    {
        float[] mean = [.. Mean], std = [.. Std];
        if (mean.Length == 0 && std.Length == 0) return null;
        if (mean.Length == 0 || std.Length == 0) throw new UsageException("--mean and --std belong together; give both or none.");
        return new(mean, std);
    }

    /// <summary>Throws when a loaded network is not what other options say it is.</summary>
    protected virtual void CheckLoaded(string path, Classifier model)
    {
    }

    /// <summary>Loads a network and checks that it fits the data.</summary>
    protected Classifier LoadModel(string path, string? architecture, bool allowScript, ImageSet set, torch.Device device, Host host)
    {
        var model = ModelFile.Load(path, architecture, ShapeFor(set), host.Warn, allowScript ? new(NamedNormalisation()) : null);
        try
        {
            CheckLoaded(path, model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
        var options = model.Options;
        if ((options.Channels, options.Height, options.Width) != (set.Channels, set.Height, set.Width) || options.Classes < set.ClassCount)
        {
            model.Dispose();
            throw new UsageException($"{path} is for {options.Classes} classes of {options.Channels}x{options.Height}x{options.Width} images, but {set.Name} has {set.ClassCount} classes of {set.Channels}x{set.Height}x{set.Width}. Give the data the model was trained on with --data.");
        }
        model.to(device);
        return model;
    }
}
