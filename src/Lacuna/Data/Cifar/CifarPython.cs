using Lacuna.Models.Checkpoints;

namespace Lacuna.Data.Cifar;

/// <summary>
/// Reads the Python form: pickled dicts with <c>data</c> [N, 3072] uint8, <c>labels</c> or <c>fine_labels</c> and
/// <c>coarse_labels</c>, and <c>filenames</c>. Nothing in them is executed.
/// </summary>
internal static class CifarPython
{
    /// <summary>Reads the files of one split, one after another.</summary>
    /// <param name="files">Where they are.</param>
    /// <param name="names">The files in order.</param>
    /// <param name="labels">The names of the labels, each with the number of classes it may name; the last are the classes.</param>
    /// <exception cref="DataFileException">A file is not of this form, or a label names no class.</exception>
    public static CifarPart Read(FileSource files, IReadOnlyList<string> names, params (string Key, int Classes)[] labels)
    {
        var pixels = new List<ReadOnlyMemory<byte>>();
        var found = Array.ConvertAll(labels, _ => new List<int>());
        var images = new List<string>();
        foreach (var name in names)
        {
            var path = files.PathOf(name);
            var batch = Open(files, name);
            var data = batch.Array("data");
            if (data.Type != ElementType.U8 || data.Shape is not [var count, CifarPart.ImageLength])
                throw new DataFileException(path, $"has 'data' of {data.Type} [{string.Join(", ", data.Shape)}]; images of CIFAR are U8 [N, {CifarPart.ImageLength}]. It is a file of another set.");
            pixels.Add(data.Bytes);
            for (var i = 0; i < labels.Length; i++) found[i].AddRange(Labels(batch, labels[i], count, path));
            if (batch.Names.Contains("filenames")) images.AddRange(batch.Texts("filenames"));
        }
        var all = new byte[pixels.Sum(part => (long)part.Length)];
        var at = 0;
        foreach (var part in pixels)
        {
            part.CopyTo(all.AsMemory(at));
            at += part.Length;
        }
        return new(all, [.. found[^1]], found.Length > 1 ? [.. found[0]] : null, images.Count == found[0].Count ? images : null);
    }

    /// <summary>A list of names in a meta file; null where the file is not there.</summary>
    public static IReadOnlyList<string>? Names(FileSource files, string name, string key) => files.Has(name) ? Open(files, name).Texts(key) : null;

    private static PickleArrays Open(FileSource files, string name)
    {
        using var content = files.Open(name);
        return PickleArrays.Read(content, files.PathOf(name));
    }

    private static IEnumerable<int> Labels(PickleArrays batch, (string Key, int Classes) label, long count, string path)
    {
        var labels = batch.Integers(label.Key);
        if (labels.Length != count) throw new DataFileException(path, $"has {labels.Length} '{label.Key}' for {count} images. Download it again.");
        var wrong = Array.FindIndex(labels, value => value < 0 || value >= label.Classes);
        return wrong < 0
            ? labels.Select(value => (int)value)
            : throw new DataFileException(path, $"has {label.Key} {labels[wrong]} for image {wrong}, but there are {label.Classes} classes. Download it again, or look whether it is a file of another set.");
    }
}
