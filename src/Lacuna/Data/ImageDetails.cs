namespace Lacuna.Data;

/// <summary>What a set's source says of its images beside pixels and classes. Forget sets are chosen by it; it does not enter the content hash.</summary>
public sealed record ImageDetails
{
    /// <summary>Nothing is known.</summary>
    public static ImageDetails None { get; } = new();

    /// <summary>The file each image came from, relative to <see cref="Folder"/>, with '/' on every system; null where images have no files of their own.</summary>
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>The folder or archive the set was read from; null for the bundled set.</summary>
    public string? Folder { get; init; }

    /// <summary>Each image's sub-class, where classes are divided further (CIFAR-20's fine classes); else null.</summary>
    public IReadOnlyList<int>? SubLabels { get; init; }

    /// <summary>The sub-classes' names in the order of their indices; empty where there are none.</summary>
    public IReadOnlyList<string> SubNames { get; init; } = [];

    /// <summary>The details of some of the images, in that order.</summary>
    public ImageDetails Select(ReadOnlySpan<int> indices)
    {
        var rows = indices.ToArray();
        return this with
        {
            Files = Files is { } files ? Array.ConvertAll(rows, row => files[row]) : null,
            SubLabels = SubLabels is { } labels ? Array.ConvertAll(rows, row => labels[row]) : null,
        };
    }

    internal void Validate(int count)
    {
        if (Files is { } files && files.Count != count) throw new ArgumentException($"There are {files.Count} file names for {count} images.", nameof(Files));
        if (SubLabels is not { } labels) return;
        if (labels.Count != count) throw new ArgumentException($"There are {labels.Count} sub-class labels for {count} images.", nameof(SubLabels));
        for (var i = 0; i < count; i++)
        {
            if ((uint)labels[i] >= (uint)SubNames.Count) throw new ArgumentException($"Image {i} has sub-class {labels[i]}, but there are {SubNames.Count}.", nameof(SubLabels));
        }
    }
}
