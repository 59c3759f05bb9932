using CommandLine;
using CommandLine.Text;
using Lacuna.Data;
using Lacuna.Numerics;
using Lacuna.Reports;

namespace Lacuna.Cli.Verbs;

[Verb("show", HelpText = "Write a PNG with some images of each class, or of those that a forget set takes.")]
internal sealed class DataShow : DataVerb, IVerb
{
    [Value(0, MetaName = "DATA", Required = true, HelpText = Words.Data)]
    public string Data { get; set; } = "";

    [Option("out", Required = true, HelpText = "The PNG file to write.")]
    public string Out { get; set; } = "";

    [Option("forget", HelpText = "Show only images that this forget set takes: the words of --forget of the other verbs.")]
    public string? Forget { get; set; }

    [Option("classes", HelpText = "Show only these classes, indices or names with commas between them (default: all).")]
    public string? Classes { get; set; }

    [Option("images", Default = 10, HelpText = "Images of a class at most.")]
    public int Images { get; set; } = 10;

    [Option("test", HelpText = "Show test images, not training images.")]
    public bool Test { get; set; }

    [Option("seed", Default = 1UL, HelpText = "Seed of a random forget set.")]
    public ulong Seed { get; set; } = 1;

    [Usage(ApplicationAlias = "lacuna data")]
    public static IEnumerable<Example> Examples { get; } = [new("What would be forgotten", Brief, new DataShow { Data = "fashion-mnist-6k", Forget = "random:5/class", Out = "forget.png" })];

    public int Run(Host host)
    {
        if (Images < 1) throw new UsageException($"--images is {Images}; it must be at least 1.");
        var spec = Forget is null ? null : ForgetSetSpec.Parse(Forget);
        var data = this.Open(Data, host);
        var set = Test ? data.Test : data.Train;
        IEnumerable<int> images = Enumerable.Range(0, set.Count);
        if (spec is not null)
        {
            var split = spec.Split(data.Train, new DrawSource(Seed), data.Test);
            images = Test ? split.DivideTest(data.Test).Forget : split.Forget.ToArray();
        }
        if (Classes is not null)
        {
            var wanted = new ForgetClass(Classes).Find(set);
            images = images.Where(i => wanted.Contains(set.Labels.Span[i]));
        }
        int[] shown = [.. images];
        if (shown.Length == 0) throw new UsageException($"There is no such image in {set.Name}. Choose other classes or another forget set{(Test ? ", or leave --test out" : "")}.");
        var sheet = ContactSheet.Draw(set, shown, Images);
        sheet.Save(Out);
        if (Json) host.WriteJson(new { data.Source, Set = set.Name, Forget, Chosen = shown.Length, sheet.Height, sheet.Width, File = Path.GetFullPath(Out) });
        else host.Out.WriteLine($"{shown.Length} image(s) of {set.Name}{(spec is null ? "" : $" are taken by {spec}")}; up to {Images} of each class are in {Out}, {sheet.Width}x{sheet.Height} pixels.");
        return ExitCode.Done;
    }
}
