namespace Lacuna.Data.Cifar;

/// <summary>Loads CIFAR-10, CIFAR-100 and CIFAR-20 from the forms in which they are published: binary or Python, unpacked or as the archive.</summary>
public static class CifarDataset
{
    private static readonly CifarForm[] Forms =
    [
        new("CIFAR-10, binary", "cifar-10-batches-bin", [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin")], "test_batch.bin", ["batches.meta.txt"], false),
        new("CIFAR-100, binary", "cifar-100-binary", ["train.bin"], "test.bin", ["fine_label_names.txt", "coarse_label_names.txt"], true),
        new("CIFAR-10, Python", "cifar-10-batches-py", [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}")], "test_batch", ["batches.meta"], false, true),
        new("CIFAR-100, Python", "cifar-100-python", ["train"], "test", ["meta"], true, true),
    ];

    /// <summary>What is looked for, for messages.</summary>
    public const string Sought = "CIFAR-10 (data_batch_1.bin to data_batch_5.bin and test_batch.bin, or the Python form data_batch_1 and so on), CIFAR-100 (train.bin and test.bin, or train, test and meta)";

    private static readonly HashSet<string> AllNames = [.. Forms.SelectMany(form => (string[])[.. form.Train, form.Test, .. form.Meta])];

    /// <summary>Loads both splits when the folder or archive holds a CIFAR set; null when it holds none.</summary>
    /// <param name="path">A folder with the files, the folder above the one they were unpacked into, or a .tar.gz or .tar.</param>
    /// <param name="labels">Which labels of CIFAR-100 are the classes; the fine ones when null.</param>
    /// <exception cref="DataFileException">A file is missing, truncated or damaged.</exception>
    public static ImagePair? TryLoad(string path, CifarLabels? labels)
    {
        foreach (var files in Candidates(path))
        {
            if (Array.Find(Forms, form => form.Train.Any(files.Has)) is { } found) return Load(files, found, labels);
        }
        return null;
    }

    private static IEnumerable<FileSource> Candidates(string path)
    {
        if (File.Exists(path)) return [new TarFiles(path, AllNames)];
        return [new FolderFiles(path), .. Forms.Select(form => new FolderFiles(System.IO.Path.Combine(path, form.Folder)))];
    }

    internal static string[] BinaryFiles(bool hundred)
    {
        var form = Array.Find(Forms, form => form.IsHundred == hundred && !form.IsPython)!;
        return [.. form.Train, form.Test, .. form.Meta];
    }

    private static ImagePair Load(FileSource files, CifarForm form, CifarLabels? labels)
    {
        string[] missing = [.. ((string[])[.. form.Train, form.Test]).Where(name => !files.Has(name))];
        if (missing.Length > 0) throw new DataFileException(files.Path, $"holds {form.Name}, but not {string.Join(", ", missing)}. Put all files of the set there.");
        if (!form.IsHundred && labels is not null) throw new ArgumentException($"{files.Path} holds CIFAR-10, which has one kind of label. Leave --labels out, or give CIFAR-100.");
        return form.IsHundred ? Hundred(files, form, labels ?? CifarLabels.Fine) : Ten(files, form);
    }

    private static ImagePair Ten(FileSource files, CifarForm form)
    {
        var names = (form.IsPython ? CifarPython.Names(files, form.Meta[0], "label_names") : files.Lines(form.Meta[0])) ?? CifarNames.Ten;
        return new(Part("cifar10", form.Train), Part("cifar10-test", [form.Test]));

        ImageSet Part(string name, string[] from)
        {
            var part = form.IsPython ? CifarPython.Read(files, from, ("labels", names.Count)) : CifarBinary.Read(files, from, names.Count);
            return Make(name, names, part, part.Labels, new ImageDetails { Files = part.Files, Folder = files.Path });
        }
    }

    private static ImagePair Hundred(FileSource files, CifarForm form, CifarLabels labels)
    {
        var fine = (form.IsPython ? CifarPython.Names(files, form.Meta[0], "fine_label_names") : files.Lines(form.Meta[0])) ?? CifarNames.Fine;
        var coarse = (form.IsPython ? CifarPython.Names(files, form.Meta[0], "coarse_label_names") : files.Lines(form.Meta[1])) ?? CifarNames.Coarse;
        return new(Part("", form.Train), Part("-test", [form.Test]));

        ImageSet Part(string suffix, string[] from)
        {
            var part = form.IsPython ? CifarPython.Read(files, from, ("coarse_labels", coarse.Count), ("fine_labels", fine.Count)) : CifarBinary.Read(files, from, coarse.Count, fine.Count);
            var details = new ImageDetails { Files = part.Files, Folder = files.Path };
            return labels == CifarLabels.Fine
                ? Make("cifar100" + suffix, fine, part, part.Labels, details)
                : Make("cifar20" + suffix, coarse, part, part.Coarse!, details with { SubLabels = part.Labels, SubNames = fine });
        }
    }

    private static ImageSet Make(string name, IReadOnlyList<string> names, CifarPart part, int[] labels, ImageDetails details) =>
        new(name, new ArrayPixels(part.Pixels), labels, 3, CifarPart.Side, CifarPart.Side, names, details);
}
