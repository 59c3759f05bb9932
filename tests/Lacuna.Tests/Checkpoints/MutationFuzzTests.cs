using Lacuna.Models.Checkpoints;
using Lacuna.Numerics;

namespace Lacuna.Tests.Checkpoints;

/// <summary>Sound files with random bytes, lengths and numbers changed: each is read or refused, never anything else.
/// The mutations are functions of their number, so a failure names one that fails again.</summary>
public sealed class MutationFuzzTests
{
    private const int InputsAFormat = 5000;

    // 16 MiB that strided views may grow by, 8 for the largest memo, and small change.
    private const long AllocationConstant = 32 << 20;

    // Numbers at which lengths and counts go wrong.
    private static readonly long[] Edges = [0, 1, -1, 127, 128, 255, 256, 65535, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue];

    [Fact]
    public void MutatedZipFilesAreReadOrRefused() => Fuzz(Fixtures.Bytes("types.zip.pt"), Fixtures.Bytes("training.zip.pt"));

    [Fact]
    public void MutatedLegacyFilesAreReadOrRefused() => Fuzz(Fixtures.Bytes("types.legacy.pt"), Fixtures.Bytes("training.legacy.pt"));

    [Fact]
    public void MutatedSafetensorsAreReadOrRefused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x.safetensors");
        SafetensorsFile.Write(path, Fixtures.Read("types.zip.pt").Tensors, new Dictionary<string, string> { ["arch"] = "tiny" });

        Fuzz(File.ReadAllBytes(path));
    }

    private static void Fuzz(params byte[][] seeds)
    {
        var draws = new DrawSource(20260101);
        int refused = 0;
        for (int number = 0; number < InputsAFormat; number++)
        {
            byte[] input = Mutate(seeds[number % seeds.Length], draws, number);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                CheckpointFile file = CheckpointReader.Read(new MemoryStream(input), "fuzz");
                _ = file.KeysWithNonFinite.Count();
                Assert.All(file.Tensors, tensor =>
                    Assert.Equal(tensor.Shape.Aggregate(1L, (count, size) => count * size) * tensor.Type.ByteSize(), tensor.Bytes.Length));
            }
            catch (CheckpointException)
            {
                refused++;
            }
            catch (Exception e) when (e is not Xunit.Sdk.IAssertionException)
            {
                Assert.Fail($"Mutation {number} ends in {e}");
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * input.Length + AllocationConstant);
        }
        // Some change only weights and are rightly read; were none refused, the mutations would be toothless.
        Assert.InRange(refused, InputsAFormat / 4, InputsAFormat);
    }

    private static byte[] Mutate(byte[] seed, DrawSource draws, int number)
    {
        var bytes = new List<byte>(seed);
        int changes = 1 + draws.Below(4, DrawPurpose.Probe, number, 0);
        for (int change = 1; change <= changes; change++)
        {
            int Draw(int n, int lane) => draws.Below(n, DrawPurpose.Probe, number, change, lane);
            int at = Draw(bytes.Count, 0);
            switch (Draw(6, 1))
            {
                case 0:
                    bytes[at] = (byte)Draw(256, 2);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << Draw(8, 2));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(1 + Draw(16, 2), bytes.Count - at - 1));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(Draw(bytes.Count, 2), 1).Concat(new byte[Draw(16, 3)]));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at - (at == 0 ? 1 : 0));
                    break;
                default:
                    byte[] edge = BitConverter.GetBytes(Edges[Draw(Edges.Length, 2)])[..(1 << Draw(4, 3))];
                    for (int i = 0; i < edge.Length && at + i < bytes.Count; i++)
                    {
                        bytes[at + i] = edge[i];
                    }
                    break;
            }
        }
        return [.. bytes];
    }
}
