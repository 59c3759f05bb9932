namespace Lacuna.Data.Cifar;

/// <summary>
/// Reads the binary form: records of one label byte (CIFAR-10), or of two, coarse and fine (CIFAR-100), and 3,072 bytes of
/// pixels, nothing else (https://www.cs.toronto.edu/~kriz/cifar.html).
/// </summary>
internal static class CifarBinary
{
    /// <summary>Reads the files of one split, one after another.</summary>
    /// <param name="files">Where they are.</param>
    /// <param name="names">The files in order.</param>
    /// <param name="classes">How many classes each label byte of a record may name.</param>
    /// <exception cref="DataFileException">A file is not a whole number of records, or a label names no class.</exception>
    public static CifarPart Read(FileSource files, IReadOnlyList<string> names, params int[] classes)
    {
        var record = classes.Length + CifarPart.ImageLength;
        long total = names.Sum(name => CountRecords(files, name, record));
        if (total * CifarPart.ImageLength > Array.MaxLength) throw new DataFileException(files.Path, $"holds {total} images, more than fit in memory at once. Split the set.");
        var pixels = new byte[total * CifarPart.ImageLength];
        var labels = Array.ConvertAll(classes, _ => new int[total]);
        var image = 0;
        foreach (var name in names)
        {
            var content = files.Read(name);
            for (var at = 0; at + record <= content.Length; at += record, image++)
            {
                for (var i = 0; i < classes.Length; i++)
                {
                    labels[i][image] = content[at + i] < classes[i]
                        ? content[at + i]
                        : throw new DataFileException(files.PathOf(name), $"has label {content[at + i]} at offset {at + i} (image {at / record}), but there are {classes[i]} classes. Download it again, or look whether it is a file of another set.");
                }
                content.AsSpan(at + classes.Length, CifarPart.ImageLength).CopyTo(pixels.AsSpan(image * CifarPart.ImageLength));
            }
        }
        return new(pixels, labels[^1], classes.Length > 1 ? labels[0] : null, null);
    }

    private static long CountRecords(FileSource files, string name, int record)
    {
        var length = files.Length(name);
        if (length > 0 && length % record == 0) return length / record;
        throw new DataFileException(files.PathOf(name), $"has {length} bytes, which is no whole number of records of {record} bytes: {(length == 0 ? "it is empty" : $"record {length / record} at offset {length / record * record} is cut")}. Download it again.");
    }
}
