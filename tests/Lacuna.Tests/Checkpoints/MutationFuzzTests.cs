using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Lacuna.Models.Checkpoints;

namespace Lacuna.Tests.Checkpoints;

/// <summary>Sound files of every form, changed 100,000 times a form: each is read or refused, never anything else, within twice its size plus a constant of memory. Time is bounded by what is read:
/// no reader goes back in a file, and a pickle's opcodes, memo and texts are capped.</summary>
public sealed partial class MutationFuzzTests(ITestOutputHelper output)
{
    private const int InputsAForm = 100_000;

    // What strided views may grow by, and small change such as the end of a zip archive.
    private const long Views = 17 << 20;

    private const long SmallChange = 2 << 20;

    private static readonly byte[][] Zips =
        [Fixtures.Bytes("types.zip.pt"), Fixtures.Bytes("training.zip.pt"), Fixtures.Bytes("nested.zip.pt"), Ours(uint.MaxValue), Ours(0), TorchFiles.Zip(TorchFiles.SoundPickle, ("data/0", TorchFiles.SoundData))];

    [Fact]
    public void MutatedZipFilesAreReadOrRefused() => Fuzz(Checkpoint, Views, Zips);

    [Fact]
    public void MutatedLegacyFilesAreReadOrRefused() =>
        Fuzz(Checkpoint, Views, Fixtures.Bytes("types.legacy.pt"), Fixtures.Bytes("training.legacy.pt"), Fixtures.Bytes("nested.legacy.pt"), TorchFiles.Legacy(TorchFiles.SoundPickle, ("0", 3, TorchFiles.SoundData)));

    [Fact]
    public void MutatedPicklesAreReadOrRefused() =>
        Fuzz(Pickle, SmallChange, [.. Zips.Select(PickleOf), new PickleBuilder().Op("}(").Text("state_dict").Op("}").Text("w").Tensor("0", 3, 0, [3], [1]).Op("su.").ToArray()]);

    [Fact]
    public void MutatedSafetensorsAreReadOrRefused()
    {
        using var folder = new TemporaryFolder();
        var metadata = new Dictionary<string, string> { ["arch"] = "tiny", ["größe \"x\""] = "1" };
        SafetensorsFile.Write(folder.File("types"), Fixtures.Read("types.zip.pt").Tensors, metadata);
        SafetensorsFile.Write(folder.File("plain"), Fixtures.Read("plain.zip.pt").Tensors);
        SafetensorsFile.Write(folder.File("small"), Fixtures.Read("training.zip.pt").Tensors.Take(3).ToArray(), metadata);

        Fuzz(Checkpoint, SmallChange, File.ReadAllBytes(folder.File("types")), File.ReadAllBytes(folder.File("plain")), File.ReadAllBytes(folder.File("small")));
    }

    /// <summary>Whatever became of the JSON, the length before it is right and data follow.</summary>
    [Fact]
    public void MutatedSafetensorsHeadersAreReadOrRefused()
    {
        byte[][] headers =
        [
            """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[4,1],"data_offsets":[8,12]}}"""u8.ToArray(),
            """{"__metadata__":{"x":"1","y":"\u00e9"},"c":{"data_offsets":[0,12],"dtype":"I32","shape":[3]},"d":{"dtype":"BOOL","shape":[0,7],"data_offsets":[12,12]}}"""u8.ToArray(),
        ];
        Fuzz(json => Checkpoint([.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[12]]), SmallChange, headers);
    }

    [Fact]
    public void MutatedPicklesOfArraysAreReadOrRefused() =>
        Fuzz(Arrays, SmallChange, [.. Enumerable.Range(2, 4).Select(protocol => Fixtures.Bytes($"arrays.{protocol}.pkl")), PickleArraysTests.Python2()]);

    private void Fuzz(Action<byte[]> read, long constant, params byte[][] seeds)
    {
        Assert.All(seeds, read);
        var ends = new ConcurrentDictionary<string, int>();
        var failures = new ConcurrentQueue<string>();
        Parallel.For(0, InputsAForm, (number, loop) =>
        {
            byte[] input = new Mutator(seeds, (ulong)number).Make();
            long before = GC.GetAllocatedBytesForCurrentThread();
            string end = "read";
            try
            {
                read(input);
            }
            catch (CheckpointException refusal)
            {
                end = Kind(refusal.Message);
            }
            catch (Exception e)
            {
                failures.Enqueue($"mutation {number} ends in {e}");
                loop.Stop();
            }
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > (2L * input.Length) + constant)
            {
                failures.Enqueue($"mutation {number}, of {input.Length} bytes, takes {allocated} bytes of memory");
                loop.Stop();
            }
            ends.AddOrUpdate(end, 1, (_, count) => count + 1);
        });
        Assert.Empty(failures);
        foreach ((string end, int count) in ends.OrderByDescending(pair => pair.Value).Take(30))
        {
            output.WriteLine($"{count,7} {end}");
        }
        // Some change only weights and are rightly read; were none refused, the mutations would be toothless.
        Assert.InRange(InputsAForm - ends.GetValueOrDefault("read"), InputsAForm / 4, InputsAForm);
        Assert.InRange(ends.Count, 5, InputsAForm);
    }

    private static void Checkpoint(byte[] input)
    {
        CheckpointFile file = CheckpointReader.Read(new MemoryStream(input), "fuzz");
        _ = file.KeysWithNonFinite.Count();
        Sound(file.Tensors);
    }

    private static void Pickle(byte[] input)
    {
        var globals = new TorchGlobals("fuzz", 1 << 20);
        StateDict dict = StateDict.Find(PickleReader.Read(PickleInput.Take(new MemoryStream(input), "fuzz", input.Length, PickleReader.MostBytes), globals), "fuzz");
        Assert.All(dict.Storages, storage => Assert.InRange(storage.ByteLength, 0, 1 << 20));
    }

    private static void Arrays(byte[] input)
    {
        PickleArrays file = PickleArrays.Read(new MemoryStream(input), "fuzz");
        foreach (string name in file.Names)
        {
            foreach (Action ask in (Action[])[() => Sound([file.Array(name)]), () => file.Integers(name), () => file.Texts(name)])
            {
                try
                {
                    ask();
                }
                catch (CheckpointException)
                {
                    // It is of another kind than asked for.
                }
            }
        }
    }

    private static void Sound(IEnumerable<CheckpointTensor> tensors) =>
        Assert.All(tensors, tensor => Assert.Equal(tensor.Shape.Aggregate(1L, (count, size) => count * size) * tensor.Type.ByteSize(), tensor.Bytes.Length));

    private static byte[] Ours(long zip64From)
    {
        using var file = new MemoryStream();
        TorchZipWriter.Write(new StoredZipWriter(file, zip64From), [.. Fixtures.Read("training.zip.pt").Tensors.Take(3)], new Dictionary<string, string> { ["lacuna.classes"] = "10" });
        return file.ToArray();
    }

    private static byte[] PickleOf(byte[] zip)
    {
        using var archive = new System.IO.Compression.ZipArchive(new MemoryStream(zip));
        using Stream entry = archive.Entries.Single(e => e.Name == "data.pkl").Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        return bytes.ToArray();
    }

    // The reason: a message without its place, names and numbers.
    private static string Kind(string message)
    {
        string text = Variable().Replace(message[(message.IndexOf(": ", StringComparison.Ordinal) + 2)..], "#");
        return text.Length <= 60 ? text : text[..60];
    }

    [GeneratedRegex(@"'[^']*'|\d+|\[[^\]]*\]|0x..|\([^)]*\)")]
    private static partial Regex Variable();
}
