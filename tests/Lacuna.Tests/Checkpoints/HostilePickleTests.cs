using Lacuna.Models.Checkpoints;
using static Lacuna.Tests.Checkpoints.TorchFiles;

namespace Lacuna.Tests.Checkpoints;

/// <summary>Pickles that no torch.save writes. Each is refused with the reason and, where it has one, its place.</summary>
public sealed class HostilePickleTests
{
    // A local zip header of 30 bytes and the name archive/data.pkl.
    private const int PickleStart = 30 + 16;

    [Fact]
    public void TheSoundPickleAroundWhichTheHostileOnesAreBuiltIsRead()
    {
        CheckpointFile file = Read(Zip(SoundPickle, ("data/0", SoundData)));

        Assert.Equal([1, 2, 3], Elements.Of(file.Find("w")!));
    }

    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("__builtin__", "getattr")]
    [InlineData("subprocess", "Popen")]
    [InlineData("torch", "load")]
    [InlineData("torch.serialization", "_load")]
    [InlineData("collections", "OrderedDict.fromkeys")]
    [InlineData("numpy.core.multiarray", "_reconstruct")]
    [InlineData("numpy.core.numeric", "_frombuffer")]
    [InlineData("numpy", "ndarray")]
    [InlineData("functools", "partial")]
    [InlineData("torch.jit", "_load")]
    [InlineData("builtins", "__import__")]
    [InlineData("pip", "main")]
    [InlineData("", "")]
    public void AForeignGlobalIsRefusedByNameAndOffset(string module, string name)
    {
        byte[] pickle = new PickleBuilder().Global(module, name).Text("touch /tmp/x").Raw(0x85).Op("R.").ToArray();

        CheckpointException refusal = RefusePickle(pickle, $"{module}.{name}", "Nothing was executed");

        Assert.Equal(PickleStart + 2, refusal.Offset);
    }

    [Theory]
    [InlineData('i', "INST")]
    [InlineData('o', "OBJ")]
    [InlineData('P', "PERSID")]
    [InlineData('S', "STRING")]
    [InlineData('g', "GET")]
    [InlineData('2', "DUP")]
    [InlineData('0', "POP")]
    [InlineData('1', "POPMARK")]
    [InlineData('F', "FLOAT")]
    [InlineData('I', "INT")]
    [InlineData('L', "LONG")]
    [InlineData('V', "UNICODE")]
    [InlineData('d', "DICT")]
    [InlineData('l', "LIST")]
    [InlineData('p', "PUT")]
    [InlineData('\u0082', "EXT1")]
    [InlineData('\u0083', "EXT2")]
    [InlineData('\u0084', "EXT4")]
    [InlineData('\u0092', "NEWOBJEX")]
    [InlineData('\u0097', "NEXTBUFFER")]
    [InlineData('\u0098', "READONLYBUFFER")]
    [InlineData('\u00ff', "0xff, which is no opcode")]
    public void AForeignOpcodeIsRefusedByNameAndOffset(char opcode, string name)
    {
        CheckpointException refusal = RefusePickle(new PickleBuilder().Op("}").Op(opcode).Op("os\nsystem\n").ToArray(), name, "Nothing was executed");

        Assert.Equal(PickleStart + 3, refusal.Offset);
    }

    [Fact]
    public void BuildOnATensorIsRefused() =>
        RefusePickle(new PickleBuilder().Tensor("0", 3, 0, [3], [1]).Op("}b.").ToArray(), "BUILD");

    [Fact]
    public void ACallOfATensorIsRefused() =>
        RefusePickle(new PickleBuilder().Tensor("0", 3, 0, [3], [1]).Op(")R.").ToArray(), "not a global");

    [Fact]
    public void AStorageTypeCannotBeCalled() =>
        RefusePickle(new PickleBuilder().Global("torch", "FloatStorage").Int(1 << 30).Raw(0x85).Op("R.").ToArray(), "torch.FloatStorage", "arguments");

    [Fact]
    public void AnOrderedDictWithItemsInItsCallIsRefused() =>
        RefusePickle(new PickleBuilder().Global("collections", "OrderedDict").Op("]").Raw(0x85).Op("R.").ToArray(), "OrderedDict", "arguments");

    [Theory]
    [InlineData("module")]
    [InlineData("Storage")]
    public void AForeignPersistentIdIsRefused(string kind) =>
        RefusePickle(new PickleBuilder().Op('(').Text(kind).Global("torch", "FloatStorage").Text("0").Text("cpu").Int(3).Op("tQ.").ToArray(), "persistent id");

    [Fact]
    public void APersistentIdThatIsNoTupleIsRefused() => RefusePickle(new PickleBuilder().Text("0").Op("Q.").ToArray(), "persistent id");

    [Theory]
    [InlineData(3, 0, 4, 1)]
    [InlineData(3, 1, 3, 1)]
    [InlineData(3, 0, 2, 3)]
    [InlineData(3, long.MaxValue, 1, 1)]
    [InlineData(3, -1, 1, 1)]
    [InlineData(3, 4, 0, 1)]
    [InlineData(3, 0, 3, long.MaxValue)]
    public void ATensorBeyondItsStorageIsRefused(long count, long begin, long size, long stride) =>
        RefusePickle(OneTensor("w", count, begin, [size], [stride]), "storage '0'");

    [Theory]
    [InlineData(new[] { -1L }, new[] { 1L })]
    [InlineData(new[] { 3L }, new[] { -1L })]
    [InlineData(new[] { 3L }, new[] { 1L, 1L })]
    [InlineData(new[] { 1L << 32, 1L << 32 }, new[] { 0L, 0L })]
    [InlineData(new[] { 0L, 1L << 32, 1L << 32 }, new[] { 0L, 0L, 0L })]
    [InlineData(new[] { 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L }, new[] { 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L })]
    public void AShapeThatIsNoneIsRefused(long[] shape, long[] strides) =>
        RefusePickle(OneTensor("w", 3, 0, shape, strides), "storage '0'");

    [Fact]
    public void AViewThatRepeatsOneElementABillionTimesIsRefused() =>
        RefusePickle(OneTensor("w", 3, 0, [1 << 15, 1 << 15], [0, 0]), "'w'", "far larger than the file");

    [Fact]
    public void ManyViewsThatTogetherOutgrowTheFileAreRefused()
    {
        PickleBuilder pickle = new PickleBuilder().Op("}(");
        for (int i = 0; i < 40; i++)
        {
            pickle.Text($"w{i}").Tensor("0", 3, 0, [1 << 18], [0]);
        }

        RefusePickle(pickle.Op("u.").ToArray(), "far larger than the file");
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1L << 40)]
    [InlineData(-1)]
    public void AStorageBeyondTheFileIsRefused(long count) => RefusePickle(OneTensor("w", count, 0, [0], [1]), "storage '0'");

    [Fact]
    public void AStorageDescribedTwiceAndDifferentlyIsRefused()
    {
        byte[] pickle = new PickleBuilder().Op("}(").Text("a").Tensor("0", 3, 0, [3], [1]).Text("b").Tensor("0", 2, 0, [2], [1]).Op("u.").ToArray();

        RefusePickle(pickle, "'0'", "twice");
    }

    [Fact]
    public void ANameThatOccursTwiceIsRefused()
    {
        byte[] pickle = new PickleBuilder().Op("}(").Text("a").Tensor("0", 3, 0, [3], [1]).Text("a").Tensor("0", 3, 0, [3], [1]).Op("u.").ToArray();

        RefusePickle(pickle, "'a'", "twice");
    }

    [Fact]
    public void ATensorUnderANumberIsRefused() =>
        RefusePickle(new PickleBuilder().Op("}").Int(1).Tensor("0", 3, 0, [3], [1]).Op("s.").ToArray(), "names its tensors");

    [Theory]
    [InlineData(".")]
    [InlineData("}}.")]
    [InlineData("(t(.")]
    [InlineData("(.")]
    [InlineData("s.")]
    [InlineData("t.")]
    [InlineData("}(u}")]
    [InlineData("NNs.")]
    [InlineData("]N(u.")]
    [InlineData("}(Nu.")]
    [InlineData("}NNs.")]
    [InlineData("}]Ns.")]
    [InlineData("NNa.")]
    [InlineData("}(Ne.")]
    [InlineData("h\0.")]
    [InlineData("q\0.")]
    [InlineData("j\u00ff\u00ff\u00ff\u00ff.")]
    [InlineData("Nr\u00ff\u00ff\u00ff\u00ff.")]
    [InlineData("(N(tR.")]
    [InlineData("(NQ")]
    [InlineData("R.")]
    [InlineData("Nb.")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ff.")]
    [InlineData("X\u0002\0\0\0\u00c3\u0028.")]
    [InlineData("\u008a\u0009\0\0\0\0\0\0\0\0\u0001.")]
    [InlineData("\u008a\u00ff.")]
    [InlineData("ccollections")]
    [InlineData("ccollections\nOrderedDict")]
    [InlineData("G\0.")]
    public void ABrokenPickleIsRefused(string opcodes) => RefusePickle(new PickleBuilder().Op(opcodes).ToArray());

    [Fact]
    public void AnotherProtocolIsRefused() => RefusePickle([0x80, 6, (byte)'}', (byte)'.'], "protocol 6");

    [Theory]
    [InlineData("N.", "None")]
    [InlineData("].", "a list")]
    [InlineData("K\u0005.", "Int64")]
    [InlineData("}.", "no keys")]
    public void SomethingElseThanAStateDictIsRefused(string opcodes, string found) =>
        RefusePickle(new PickleBuilder().Op(opcodes).ToArray(), found, "torch.save(model.state_dict(), file)");

    [Theory]
    [InlineData("torchvision.models.resnet", "ResNet")]
    [InlineData("__main__", "Net")]
    public void AWholeModuleIsRefusedWithWhatToDo(string module, string name) =>
        RefusePickle(new PickleBuilder().Global(module, name).Op(')').Raw(0x81).Op("}b.").ToArray(), $"one pickled object of the class '{module}.{name}'", "Nothing was executed", "torch.save(torch.load(file).state_dict(), other)");

    [Fact]
    public void AWholeModuleInsideADictIsRefusedByName() =>
        RefusePickle(new PickleBuilder().Op("}").Text("model").Global("__main__", "Net").Op(')').Raw(0x81).Op("s.").ToArray(), "asks for the global '__main__.Net'", "Nothing was executed");

    [Fact]
    public void OfSeveralDictsOfTensorsNoneIsGuessed()
    {
        PickleBuilder Part(PickleBuilder pickle, string name) => pickle.Text(name).Op("}").Text("w").Tensor("0", 3, 0, [3], [1]).Op("s");

        Assert.Single(Read(Zip(Part(new PickleBuilder().Op("}("), "teacher").Op("u.").ToArray(), ("data/0", SoundData))).Tensors);
        RefusePickle(Part(Part(new PickleBuilder().Op("}("), "teacher"), "student").Op("u.").ToArray(), "'teacher', 'student'", "Save the one that is meant");
    }

    [Theory]
    [InlineData("model", "state_dict")]
    [InlineData("checkpoint", "model")]
    [InlineData("ema")]
    public void AStateDictIsFoundUnderTheNamesOfScripts(params string[] names)
    {
        PickleBuilder pickle = new PickleBuilder();
        Array.ForEach(names, name => pickle.Op("}").Text(name));
        pickle.Op("}").Text("module.w").Tensor("0", 3, 0, [3], [1]).Op("s");
        Array.ForEach(names, _ => pickle.Op("s"));
        Assert.Equal(["w"], Read(Zip(pickle.Op(".").ToArray(), ("data/0", SoundData))).Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public void AStateGivenToArgumentsIsDroppedAndCannotGrow()
    {
        PickleBuilder pickle = new PickleBuilder().Op("}(").Text("args").Global("argparse", "Namespace").Op(')').Raw(0x81).Op("q\0");
        for (int i = 0; i < 100; i++)
        {
            pickle.Op("h\0b");
        }

        Assert.Single(Read(Zip(pickle.Text("w").Tensor("0", 3, 0, [3], [1]).Op("u.").ToArray(), ("data/0", SoundData))).Tensors);
    }

    [Fact]
    public void AnEndlessNameOfATensorIsRefused() => RefusePickle(OneTensor(new string('n', 501), 3, 0, [3], [1]), "501 letters");

    [Theory]
    [InlineData("\u0095\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff}.", "a frame of")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff}.", "truncated")]
    [InlineData("\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f}.", "truncated")]
    [InlineData("\u0096\u0001\0\0\0\u0001\0\0\0}.", "truncated")]
    [InlineData("\u008c\u0005abc", "truncated")]
    [InlineData("\u008b\u0009\0\0\0\0\0\0\0\0\0\0\0\u0001.", "9 bytes")]
    [InlineData("\u0094.", "stack is empty")]
    [InlineData("\u008c\u0002os\u008c\u0006system\u0093.", "os.system")]
    [InlineData("NN\u0093.", "STACK_GLOBAL")]
    [InlineData("}(NN\u0090.", "APPEND finds no list")]
    [InlineData("\u0091.", "no mark")]
    public void ABrokenPickleOfANewerProtocolIsRefused(string opcodes, string word) => RefusePickle(new PickleBuilder().Op(opcodes).ToArray(), word);

    [Fact]
    public void ADictThatHoldsItselfEndsNobody() =>
        RefusePickle(new PickleBuilder().Op("}q\0").Text("model").Op("h\0s.").ToArray(), "the keys model");

    [Fact]
    public void AMillionOpenMarksAreRefused() =>
        RefusePickle(new PickleBuilder().Raw(Enumerable.Repeat((byte)'(', 1_200_000).ToArray()).ToArray(), "opcodes");

    [Fact]
    public void AMillionDictsAreRefused() =>
        RefusePickle(new PickleBuilder().Raw(Enumerable.Repeat((byte)'}', 1_200_000).ToArray()).ToArray(), "opcodes");

    [Fact]
    public void TuplesNestedHalfAMillionDeepEndNobody() =>
        RefusePickle(new PickleBuilder().Op(")").Raw(Enumerable.Repeat((byte)0x85, 500_000).ToArray()).Op(".").ToArray(), "a tuple");

    [Fact]
    public void ALongPickleIsRefused()
    {
        PickleBuilder pickle = new PickleBuilder().Op("}");
        string megabyte = new('a', 1 << 20);
        for (int i = 0; i < 17; i++)
        {
            pickle.Text(megabyte);
        }

        RefusePickle(pickle.Op(".").ToArray(), "beyond 16777216 bytes");
    }

    [Fact]
    public void AGlobalsEndlessNameIsCutInTheMessage()
    {
        CheckpointException refusal = RefusePickle(new PickleBuilder().Global(new string('a', 100_000), "b").ToArray(), "class");

        Assert.InRange(refusal.Message.Length, 100, 1000);
    }
}
