using System.Reflection;
using Lacuna.Models.Checkpoints;

namespace Lacuna.Tests.Checkpoints;

/// <summary>The files of the folder Fixtures, from inside the test assembly.</summary>
internal static class Fixtures
{
    public static byte[] Bytes(string name)
    {
        using Stream file = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Fixtures.{name}")!;
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    public static CheckpointFile Read(string name) => CheckpointReader.Read(new MemoryStream(Bytes(name)), name);
}
