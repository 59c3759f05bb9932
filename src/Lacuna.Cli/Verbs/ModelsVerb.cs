using CommandLine;
using CommandLine.Text;
using Lacuna.Models;

namespace Lacuna.Cli.Verbs;

[Verb("models", HelpText = "List the networks with their parameters, cost and inputs.")]
internal sealed class ModelsVerb : IVerb
{
    [Option("arch", HelpText = "Only this one.")]
    public string? Architecture { get; set; }

    [Option("form", HelpText = "Only this form: cifar or imagenet.")]
    public Form? Form { get; set; }

    [Option("patch", HelpText = "Side of the patches in pixels; lists only networks that have patches.")]
    public int? Patch { get; set; }

    [Option("classes", HelpText = "Number of classes (default: 10 for small images, 1000 for large ones).")]
    public int? Classes { get; set; }

    [Option("size", HelpText = "Images as HxW pixels, for example 64x64 (default: those the form is made for).")]
    public string? Size { get; set; }

    [Option("json", HelpText = "Print one JSON document instead of a table.")]
    public bool Json { get; set; }

    [Usage(ApplicationAlias = "lacuna")]
    public static IEnumerable<Example> Examples { get; } = [new("What a ResNet-50 costs on 64x64 images of 200 classes", new UnParserSettings { SkipDefault = true }, new ModelsVerb { Architecture = "resnet50", Size = "64x64", Classes = 200 })];

    public int Run(Host host)
    {
        List<ZooRow> rows = [];
        List<string> left = [];
        var size = Size is null ? null : SizeOf(Size);
        foreach (var entry in Architecture is null ? ModelZoo.Entries : [ModelZoo.Find(Architecture)])
        {
            foreach (var wanted in Wanted(entry, size).Distinct())
            {
                host.Interrupt.ThrowIfCancellationRequested();
                try
                {
                    rows.Add(ZooRow.Of(entry, wanted));
                }
                catch (ArgumentException e) when (Architecture is null)
                {
                    left.Add(e.Message);
                }
            }
        }
        if (Json) host.WriteJson(rows);
        else ModelsScreen.Print(host, rows);
        foreach (var reason in left) host.Error.WriteLine("not listed: " + reason);
        return ExitCode.Done;
    }

    // One row for each setting in which a network is usually met, or one in the setting asked for.
    private IEnumerable<ModelOptions> Wanted(ZooEntry entry, (int Height, int Width)? size)
    {
        if (Architecture is null && ((Form is not null && entry.Forms.Count == 0) || (Patch is not null && !entry.HasPatches))) yield break;
        foreach (var usual in entry.Settings)
        {
            var options = usual with { Classes = Classes ?? usual.Classes };
            if (size is { } side) options = options with { Height = side.Height, Width = side.Width, Form = Form, Patch = Patch, Classes = Classes ?? ModelZoo.Cifar.Classes };
            else if (Form is not null && entry.Forms.Count > 0 && usual.Form != Form) continue;
            else options = options with { Form = Form ?? usual.Form, Patch = Patch ?? usual.Patch };
            yield return options;
        }
    }

    private static (int Height, int Width)? SizeOf(string text)
    {
        var parts = text.Split('x');
        return parts.Length == 2 && int.TryParse(parts[0], out var height) && int.TryParse(parts[1], out var width)
            ? (height, width)
            : throw new UsageException($"--size is '{text}'; write height and width in pixels, for example 64x64.");
    }
}
