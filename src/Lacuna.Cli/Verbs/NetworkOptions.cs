using CommandLine;
using Lacuna.Data;
using Lacuna.Models;

namespace Lacuna.Cli.Verbs;

/// <summary>Options of verbs that make a network, or load one whose file does not say what it is.</summary>
internal abstract class NetworkOptions : DataOptions
{
    [Option("form", HelpText = "Which form of the network: cifar (small images) or imagenet (torchvision's); default: by image size, below 64 pixels cifar.")]
    public Form? Form { get; set; }

    [Option("patch", HelpText = "Side of a Vision Transformer's patches in pixels (default: by image size, below 64 pixels 4, otherwise 16).")]
    public int? Patch { get; set; }

    [Option("classes", HelpText = "Classes that the network tells apart (default: the data set's).")]
    public int? Classes { get; set; }

    /// <inheritdoc/>
    protected override ModelOptions ShapeFor(ImageSet set)
    {
        if (Classes < set.ClassCount) throw new UsageException($"--classes is {Classes}, but {set.Name} has {set.ClassCount} classes. Leave it out or give at least as many.");
        var shape = base.ShapeFor(set);
        return shape with { Form = Form, Patch = Patch, Classes = Classes ?? shape.Classes };
    }

    /// <inheritdoc/>
    protected override void CheckLoaded(string path, Classifier model) => RequireAsked(path, model.Architecture, model.Options, Form, Patch, Classes);

    /// <summary>A file that says what it holds is believed; options that say otherwise would be ignored silently.</summary>
    internal static void RequireAsked(string path, string architecture, ModelOptions built, Form? form, int? patch, int? classes)
    {
        if (form is { } one && built.Form != one)
            throw new UsageException($"--form is {Word(one)}, but {path} holds {(built.Form is { } stored ? $"the {Word(stored)} form" : $"a {architecture}, which has one form only")}. Leave --form out.");
        if (patch is { } side && built.Patch != side)
            throw new UsageException($"--patch is {side}, but {path} holds {(built.Patch is { } stored ? $"a network with patches of {stored}" : $"a {architecture}, which has none")}. Leave --patch out.");
        if (classes is { } count && built.Classes != count)
            throw new UsageException($"--classes is {count}, but {path} holds a network for {built.Classes}. Leave --classes out.");
    }

    private static string Word(Form form) => form.ToString().ToLowerInvariant();
}
