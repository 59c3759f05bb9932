namespace Lacuna.Data.Images.Packing;

/// <summary>What a pack says of its images beside their pixels.</summary>
/// <param name="Source">The folder they were read from, in full.</param>
/// <param name="Sizing">How they were brought to one size; the size networks are given is not a pack's matter.</param>
/// <param name="ClassNames">The classes.</param>
/// <param name="Files">Each image's file, relative to the source: the training images', then the test images'.</param>
/// <param name="Labels">Each image's class.</param>
/// <param name="Skipped">Damaged images that are not in it.</param>
/// <param name="OtherFiles">Files in the folder that are no images by their name.</param>
internal sealed record PackTables(
    string Source, ImageSizing Sizing, string[] ClassNames, string[] Files, int[] Labels, DamagedImage[] Skipped, int OtherFiles)
{
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Source);
        // 0 for what is left open.
        writer.Write(Sizing.Resize ?? 0);
        writer.Write(Sizing.Crop ?? 0);
        writer.Write(Sizing.Channels ?? 0);
        WriteStrings(writer, ClassNames);
        WriteStrings(writer, Files);
        foreach (var label in Labels) writer.Write(label);
        WriteStrings(writer, [.. Skipped.Select(image => image.File)]);
        foreach (var image in Skipped) writer.Write(image.Reason);
        writer.Write(OtherFiles);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads tables whose hash was found right.</summary>
    public static PackTables Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var source = reader.ReadString();
        var sizing = new ImageSizing { Resize = Given(reader), Crop = Given(reader), Channels = Given(reader) };
        var (classes, files) = (ReadStrings(reader), ReadStrings(reader));
        var labels = new int[files.Length];
        for (var i = 0; i < labels.Length; i++) labels[i] = reader.ReadInt32();
        var skipped = Array.ConvertAll(ReadStrings(reader), file => new DamagedImage(file, ""));
        for (var i = 0; i < skipped.Length; i++) skipped[i] = skipped[i] with { Reason = reader.ReadString() };
        return new(source, sizing, classes, files, labels, skipped, reader.ReadInt32());
    }

    private static int? Given(BinaryReader reader) => reader.ReadInt32() is > 0 and var value ? value : null;

    private static void WriteStrings(BinaryWriter writer, string[] strings)
    {
        writer.Write(strings.Length);
        foreach (var text in strings) writer.Write(text);
    }

    private static string[] ReadStrings(BinaryReader reader)
    {
        var strings = new string[reader.ReadInt32()];
        for (var i = 0; i < strings.Length; i++) strings[i] = reader.ReadString();
        return strings;
    }
}
