using Lacuna.Models.Checkpoints;

namespace Lacuna.Tests.Checkpoints;

/// <summary>Builds files in the two forms of torch.save around a pickle.</summary>
internal static class TorchFiles
{
    /// <summary>A dict with the one tensor 'w' = [1, 2, 3].</summary>
    public static byte[] SoundPickle { get; } = OneTensor("w", 3, 0, [3], [1]);

    public static byte[] SoundData { get; } = Floats(1, 2, 3);

    public static byte[] OneTensor(string name, long count, long begin, long[] shape, long[] strides) =>
        new PickleBuilder().Op("}").Text(name).Tensor("0", count, begin, shape, strides).Op("s.").ToArray();

    public static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    public static byte[] Legacy(byte[] pickle, params (string Key, long Count, byte[] Data)[] storages) =>
        Legacy(pickle, [.. storages.Select(storage => storage.Key)], storages);

    public static byte[] Legacy(byte[] pickle, string[] keys, (string Key, long Count, byte[] Data)[] storages, bool littleEndian = true)
    {
        using var file = new MemoryStream();
        file.Write([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.', 0x80, 2, (byte)'M', 0xe9, 3, (byte)'.']);
        file.Write(new PickleBuilder().Op("}").Text("little_endian").Raw((byte)(littleEndian ? 0x88 : 0x89)).Op("s.").ToArray());
        file.Write(pickle);
        PickleBuilder list = new PickleBuilder().Op("](");
        Array.ForEach(keys, key => list.Text(key));
        file.Write(list.Op("e.").ToArray());
        foreach ((_, long count, byte[] data) in storages)
        {
            file.Write(BitConverter.GetBytes(count));
            file.Write(data);
        }
        return file.ToArray();
    }

    public static byte[] Zip(byte[] pickle, params (string Name, byte[] Data)[] entries)
    {
        var zip = new ZipBuilder();
        zip.Add("archive/data.pkl", pickle);
        foreach ((string name, byte[] data) in entries)
        {
            zip.Add($"archive/{name}", data);
        }
        return zip.ToArray();
    }

    public static CheckpointFile Read(byte[] file) => CheckpointReader.Read(new MemoryStream(file), "hostile.pt");

    /// <summary>Reads a file that must be refused, and demands that the message names the file and every given word.</summary>
    public static CheckpointException Refuse(byte[] file, params string[] words)
    {
        var refusal = Assert.Throws<CheckpointException>(() => Read(file));
        Assert.StartsWith("hostile.pt", refusal.Message);
        Assert.All(words, word => Assert.Contains(word, refusal.Message));
        return refusal;
    }

    /// <summary>As <see cref="Refuse"/>, for a pickle in a zip whose storage is sound.</summary>
    public static CheckpointException RefusePickle(byte[] pickle, params string[] words) =>
        Refuse(Zip(pickle, ("data/0", SoundData)), words);
}
