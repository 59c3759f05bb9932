using System.Text;
using Lacuna.Models.Checkpoints;

namespace Lacuna.Tests.Checkpoints;

/// <summary>Pickled numpy arrays: what Python wrote (Fixtures/make_arrays.py), the form of Python 2, and hostile ones.</summary>
public sealed class PickleArraysTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void EveryProtocolIsReadAsPythonMeantIt(int protocol)
    {
        PickleArrays file = Read(Fixtures.Bytes($"arrays.{protocol}.pkl"));

        Assert.Equal(["data", "columns", "wide", "narrow", "truth", "empty", "one", "labels", "numbers", "names", "files", "score", "nothing"], file.Names);
        Check(file, "data", ElementType.U8, [2, 3, 4], [.. Enumerable.Range(250, 24).Select(i => (double)(i % 256))]);
        Check(file, "columns", ElementType.F32, [2, 3], 0, 1, 2, 3, 4, 5);
        Check(file, "wide", ElementType.I64, [2], -5, 1L << 40);
        Check(file, "truth", ElementType.BOOL, [2], 1, 0);
        Check(file, "empty", ElementType.F64, [0, 3]);
        Check(file, "one", ElementType.F64, [], 2.5);
        Assert.Equal([1, 2, 300, -4], file.Integers("labels"));
        Assert.Equal([6, 7], file.Integers("numbers"));
        Assert.Equal([-5, 1L << 40], file.Integers("wide"));
        Assert.Equal([-1, 7], file.Integers("narrow"));
        Assert.Equal(["airplane", "größe"], file.Texts("names"));
        Assert.Equal(["a.png", "b.png"], file.Texts("files"));
    }

    /// <summary>CIFAR's files were written by Python 2's cPickle: strings are SHORT_BINSTRING and BINSTRING, and only the values' names differ.</summary>
    [Fact]
    public void ThePython2FormOfCifarIsRead()
    {
        PickleArrays file = Read(Python2());

        Check(file, "data", ElementType.U8, [2, 3], 250, 251, 252, 253, 254, 255);
        Assert.Equal([6, 300], file.Integers("fine_labels"));
        Assert.Equal(["x.png", "y\u00e9.png"], file.Texts("filenames"));
    }

    [Theory]
    [InlineData("data", "labels", "no 'labels', only data, fine_labels, filenames")]
    [InlineData("data", "data", "'data' is an array (2, 3) of 'u1', not a list of whole numbers")]
    public void AskingForSomethingElseSaysWhatIsThere(string _, string name, string message) =>
        Assert.Contains(message, Assert.Throws<CheckpointException>(() => Read(Python2()).Integers(name)).Message);

    // \u00ff-like letters are bytes; each replaces a part of the sound file.
    [Theory]
    [InlineData("numpy\nndarray", "os\nsystem\n12", "'os.system'", "Nothing was executed")]
    [InlineData("numpy\nndarray", "numpy\nmatrix1", "'numpy.matrix1'", "Nothing was executed")]
    [InlineData("cnumpy.core.multiarray\n_reconstruct", "ctorch._utils\n_rebuild_tensor_v2", "torch._utils._rebuild_tensor_v2", "no file of numpy arrays")]
    [InlineData("U\u0002u1", "U\u0002O8", "'|O8'", "astype")]
    [InlineData("U\u0002u1", "U\u0002i2", "(2, 3)", "6 bytes")]
    [InlineData("U\u0002u1", "U\u0002>4", "'|>4'", "astype")]
    [InlineData("K\u0002K\u0003\u0086", "K\u0002K\u0004\u0086", "(2, 4)", "6 bytes")]
    [InlineData("K\u0002K\u0003\u0086", "K\u0002N\u0086\u0085\u0085", "an array of shape", "do not fit")]
    [InlineData("K\u0002K\u0003\u0086", "J\u00ff\u00ff\u00ff\u00ffK\u0003\u0086", "(-1, 3)", "do not fit")]
    [InlineData("T\u0006\0\0\0", "T\u00ff\0\0\0", "truncated", "offset")]
    [InlineData("T\u0006\0\0\0", "T\u0005\0\0\0", "no opcode", "offset")]
    [InlineData("K\u0000\u0085", "K\u0000\u0085Q", "outside itself", "offset")]
    [InlineData("U\u0004data", "K\u0001", "no text", "1")]
    [InlineData("U\u000bfine_labels", "U\u0004data", "'data'", "twice")]
    [InlineData("u.", "u}.", "STOP", "stack")]
    [InlineData("u.", "u..", "goes on for 1 bytes", "offset")]
    [InlineData("u.", "u", "truncated", "offset")]
    [InlineData("u.", "u\u0085.", "a tuple", "not a dict of arrays")]
    [InlineData("U\u0001b\u0087R", "U\u0001b\u0086R", "'numpy.ndarray' is called", "arguments")]
    [InlineData("tb", "tR", "not a global", "offset")]
    public void AHostileFileIsRefused(string what, string with, params string[] words)
    {
        string sound = Encoding.Latin1.GetString(Python2());
        Assert.Contains(what, sound);
        int at = sound.LastIndexOf(what, StringComparison.Ordinal);
        byte[] hostile = Encoding.Latin1.GetBytes(sound[..at] + with + sound[(at + what.Length)..]);

        string message = Assert.Throws<CheckpointException>(() => Read(hostile)).Message;

        Assert.StartsWith("batch", message);
        Assert.All(words, word => Assert.Contains(word, message));
    }

    [Fact]
    public void AFilledArrayCannotBeFilledAgain()
    {
        string sound = Encoding.Latin1.GetString(Python2());
        byte[] hostile = Encoding.Latin1.GetBytes(sound.Replace("tbU\u000b", "tq\u0010bh\u0010bU\u000b"));

        Assert.Contains("BUILD", Assert.Throws<CheckpointException>(() => Read(hostile)).Message);
    }

    [Fact]
    public void OneTextMadeIntoBytesAMillionTimesIsRefused()
    {
        PickleBuilder pickle = new PickleBuilder().Global("_codecs", "encode").Op("q\0").Text(new string('a', 60_000)).Op("q\u0001").Text("latin1").Op("q\u0002]").Raw(0x94).Op('(');
        for (int i = 0; i < 10_000; i++)
        {
            pickle.Op("h\0h\u0001h\u0002").Raw(0x86).Op("R");
        }

        Assert.Contains("more bytes than the file has", Assert.Throws<CheckpointException>(() => Read(pickle.Op("e.").ToArray())).Message);
    }

    /// <summary>As Python 2 writes it.</summary>
    internal static byte[] Python2() => Encoding.Latin1.GetBytes(
        "\u0080\u0002}q\u0001(U\u0004dataq\u0002cnumpy.core.multiarray\n_reconstruct\nq\u0003cnumpy\nndarray\nq\u0004K\0\u0085U\u0001b\u0087Rq\u0005"
        + "(K\u0001K\u0002K\u0003\u0086cnumpy\ndtype\nq\u0006U\u0002u1K\0K\u0001\u0087Rq\u0007(K\u0003U\u0001|NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\0tb"
        + "\u0089T\u0006\0\0\0\u00fa\u00fb\u00fc\u00fd\u00fe\u00fftbU\u000bfine_labelsq\u0008]q\u0009(K\u0006M\u002c\u0001eU\u0009filenamesq\u000a]q\u000b(U\u0005x.pngU\u0006y\u00e9.pngeu.");

    private static PickleArrays Read(byte[] file) => PickleArrays.Read(new MemoryStream(file), "batch");

    private static void Check(PickleArrays file, string name, ElementType type, long[] shape, params double[] expected)
    {
        CheckpointTensor tensor = file.Array(name);
        Assert.Equal(type, tensor.Type);
        Assert.Equal(shape, tensor.Shape);
        Assert.Equal(expected, Elements.Of(tensor));
    }
}
