using System.Text;
using Lacuna.Models.Checkpoints;

namespace Lacuna.Tests.Checkpoints;

/// <summary>Safetensors files that break the format. Each is refused with the reason, and the place or the key.</summary>
public sealed class HostileSafetensorsTests
{
    private const string Sound = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[4],"data_offsets":[8,12]}}""";

    [Fact]
    public void TheSoundFileAroundWhichTheHostileOnesAreBuiltIsRead()
    {
        CheckpointFile file = TorchFiles.Read(File(Sound, 12));

        Assert.Equal(["a", "b"], file.Tensors.Select(tensor => tensor.Name));
    }

    [Theory]
    [InlineData("[8,12]", "[9,13]", 13, "'b'", "hole")]
    [InlineData("[8,12]", "[4,8]", 8, "'b'", "inside the tensor before it")]
    [InlineData("[0,8]", "[8,0]", 12, "'a'", "[8, 0]")]
    [InlineData("[0,8]", "[0,4]", 12, "'a'", "takes 8 bytes")]
    [InlineData("[0,8]", "[0,9223372036854775807]", 12, "'a'", "takes 8 bytes")]
    [InlineData("[0,8]", "[0,9223372036854775808]", 12, "data_offsets of 'a'", "2^63-1")]
    [InlineData("[0,8]", "[-8,8]", 12, "data_offsets of 'a'", "whole numbers")]
    [InlineData("[0,8]", "[0,8,8]", 12, "data_offsets of 'a'", "at most 2")]
    [InlineData("[0,8]", "[0]", 12, "'a'", "two data_offsets")]
    [InlineData("[0,8]", "\"0-8\"", 12, "data_offsets of 'a'", "array")]
    [InlineData("[2]", "[-2]", 12, "shape of 'a'", "whole numbers")]
    [InlineData("[2]", "[2.0]", 12, "shape of 'a'", "whole numbers")]
    [InlineData("[2]", "[4294967296,4294967296]", 12, "'a'", "[4294967296, 4294967296]")]
    [InlineData("[2]", "[4611686018427387904]", 12, "'a'", "more than")]
    [InlineData("[2]", "[0,4294967296,4294967296]", 12, "'a'", "more than")]
    [InlineData("[2]", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2]", 12, "shape of 'a'", "at most 16")]
    [InlineData("\"F32\"", "\"F8_E4M3\"", 12, "'a'", "F8_E4M3")]
    [InlineData("\"F32\"", "\"f32\"", 12, "'a'", "f32")]
    [InlineData("\"F32\"", "7", 12, "dtype of 'a'", "expected")]
    [InlineData("\"b\"", "\"a\"", 12, "'a'", "twice")]
    [InlineData("\"shape\":[2]", "\"shape\":[2],\"shape\":[2]", 12, "'shape'", "twice")]
    [InlineData("\"shape\":[2]", "\"shap\":[2]", 12, "'shap'", "unknown")]
    [InlineData("\"shape\":[2],", "", 12, "'a'", "does not have")]
    [InlineData("\"a\":{", "\"a\":[", 12, "expected", "'a'")]
    [InlineData("{\"a\"", "{\"__metadata__\":{\"x\":1},\"a\"", 12, "text for the metadata 'x'", "expected")]
    [InlineData("{\"a\"", "{\"__metadata__\":{\"x\":\"1\",\"x\":\"2\"},\"a\"", 12, "metadata 'x'", "twice")]
    [InlineData("{\"a\"", "{\"__metadata__\":{},\"__metadata__\":{},\"a\"", 12, "__metadata__", "twice")]
    [InlineData("[8,12]}}", "[8,12]}} {}", 12, "not sound JSON", "offset")]
    [InlineData("[8,12]}}", "[8,12]}", 12, "not sound JSON", "offset")]
    [InlineData("[8,12]}}", "[8,12]},}", 12, "not sound JSON", "offset")]
    [InlineData("\"a\"", "\"\\ud800\"", 12, "not sound JSON", "offset")]
    [InlineData("[2]", "[[[[2]]]]", 12, "shape of 'a'", "whole numbers")]
    [InlineData("\"b\"", "\"\\u0061\"", 12, "'a'", "twice")]
    [InlineData("[2]", "[1e0]", 12, "shape of 'a'", "whole numbers")]
    [InlineData("[2]", "[true]", 12, "shape of 'a'", "whole numbers")]
    [InlineData("[0,8]", "[0,8.0]", 12, "data_offsets of 'a'", "whole numbers")]
    [InlineData("{\"a\"", "{\"__metadata__\":{\"x\":{\"y\":\"1\"}},\"a\"", 12, "text for the metadata 'x'", "expected")]
    [InlineData("{\"a\"", "{\"__metadata__\":[],\"a\"", 12, "an object of text", "expected")]
    [InlineData("{\"a\"", "\ufeff{\"a\"", 12, "neither safetensors nor a PyTorch file", "Save it again")]
    [InlineData("{\"a\"", " {\"a\"", 12, "neither safetensors nor a PyTorch file", "Save it again")]
    [InlineData("", "", 11, "ends inside 'b'", "truncated")]
    [InlineData("", "", 13, "goes on for 1 bytes", "offset")]
    public void AFileThatBreaksTheFormatIsRefused(string what, string with, int dataLength, string word, string other) =>
        TorchFiles.Refuse(File(what.Length == 0 ? Sound : Sound.Replace(what, with), dataLength), word, other);

    [Fact]
    public void AHeaderBeyondTheCapIsRefusedBeforeMemoryIsTaken()
    {
        TorchFiles.Refuse([.. BitConverter.GetBytes(100_000_001L), .. Encoding.UTF8.GetBytes(Sound)], "100000001 bytes", "allows 100000000");
        TorchFiles.Refuse([.. BitConverter.GetBytes(-1L), .. Encoding.UTF8.GetBytes(Sound)], "18446744073709551615");
    }

    [Fact]
    public void AHeaderBeyondTheFileIsRefused() =>
        TorchFiles.Refuse([.. BitConverter.GetBytes(1000L), .. Encoding.UTF8.GetBytes(Sound)], "1000 bytes", "truncated");

    [Fact]
    public void TextThatIsNotUtf8IsRefused()
    {
        byte[] file = File(Sound, 12);
        file[10] = 0xff;

        TorchFiles.Refuse(file, "not sound JSON");
    }

    [Fact]
    public void ATruthValueOfTwoIsRefused() =>
        TorchFiles.Refuse([.. File(Sound.Replace("U8", "BOOL"), 11), 2], "'b'", "truth value 2");

    [Fact]
    public void MoreTensorsThanAnyNetworkHasAreRefused()
    {
        var header = new StringBuilder("{");
        for (int i = 0; i <= 100_000; i++)
        {
            header.Append($"\"{i}\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}},");
        }
        header[^1] = '}';

        TorchFiles.Refuse(File(header.ToString(), 0), "more than 100000 tensors");
    }

    [Fact]
    public void ATruncatedFileIsRefusedWhereverItEnds()
    {
        byte[] sound = File(Sound, 12);
        for (int length = 0; length < sound.Length; length++)
        {
            Assert.Throws<CheckpointException>(() => TorchFiles.Read(sound[..length]));
        }
    }

    private static byte[] File(string header, int dataLength)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[dataLength]];
    }
}
