namespace Lacuna.Models;

/// <summary>An architecture by its name: what it takes and how it is built.</summary>
public sealed class ZooEntry
{
    private readonly Func<ModelOptions, StagedClassifier> _build;

    internal ZooEntry(string name, string about, Func<ModelOptions, StagedClassifier> build) => (Name, About, _build) = (name, about, build);

    /// <summary>What users and checkpoint files call it.</summary>
    public string Name { get; }

    /// <summary>One line about it.</summary>
    public string About { get; }

    /// <summary>The forms it has; empty when there is but one, which has no name.</summary>
    public IReadOnlyList<Form> Forms { get; internal init; } = [];

    /// <summary>Whether it cuts images into patches, whose side can be chosen.</summary>
    public bool HasPatches { get; internal init; }

    /// <summary>Pixels that the shorter side of an image must have at least.</summary>
    public int SmallestSide { get; internal init; } = 1;

    /// <summary>The images it takes, in words.</summary>
    public string Accepts => HasPatches ? "sides that are multiples of the patch" : SmallestSide > 1 ? $"from {SmallestSide}x{SmallestSide} pixels" : "any size";

    /// <summary>The settings in which it is usually met, forms and patches named.</summary>
    public IReadOnlyList<ModelOptions> Settings { get; internal init; } = [ModelZoo.Cifar];

    /// <summary>Names under which files hold the bias of the last layer, whose length is the number of classes.</summary>
    internal IReadOnlyList<string> LastBiases { get; init; } = [];

    /// <summary>From the name that other people's files give a tensor to ours.</summary>
    internal Func<string, string> Import { get; init; } = name => name;

    /// <summary>The options with form and patch named, checked against what this architecture takes.</summary>
    /// <exception cref="ArgumentException">An option it does not have, or images that it cannot take.</exception>
    public ModelOptions Resolve(ModelOptions options)
    {
        options.Validate();
        if (Forms.Count == 0 && options.Form is { } form)
            throw new ArgumentException($"{Name} has one form only and cannot be built in the {form.ToString().ToLowerInvariant()} form. Leave --form out.");
        if (!HasPatches && options.Patch is { } patch)
            throw new ArgumentException($"{Name} does not cut images into patches (of {patch} pixels). Leave --patch out.");
        if (Forms.Count > 0) options = options with { Form = options.Form ?? (options.AreImagesSmall ? Form.Cifar : Form.Imagenet) };
        if (HasPatches) options = options with { Patch = options.Patch ?? (options.AreImagesSmall ? VisionTransformer.SmallPatch : VisionTransformer.LargePatch) };
        if (Math.Min(options.Height, options.Width) < SmallestSide)
            throw new ArgumentException($"{Name} needs images of at least {SmallestSide}x{SmallestSide} pixels, because it halves them several times; these have {options.Height}x{options.Width}.");
        if (options.Patch is { } side && (options.Height % side != 0 || options.Width % side != 0))
            throw new ArgumentException($"Images of {options.Height}x{options.Width} pixels cannot be cut into patches of {side}x{side}. Give a patch side that divides both with --patch.");
        return options;
    }

    internal StagedClassifier Build(ModelOptions options) => _build(Resolve(options));
}
