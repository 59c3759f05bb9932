using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Lacuna.Runs;

/// <summary>The address of a piece of work: a hash of everything that its result depends on. The device and its threads are left out; they change results by rounding.</summary>
public static class WorkKey
{
    /// <summary>SHA-256 of the record as <see cref="RunJson"/> writes it, in lower-case hex.</summary>
    public static string Of<T>(T inputs) => Hash(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(inputs, RunJson.Compact)));

    /// <summary>SHA-256 of some images' indices in their set.</summary>
    public static string OfRows(ReadOnlySpan<int> rows) => Hash(System.Runtime.InteropServices.MemoryMarshal.AsBytes(rows));

    /// <summary>SHA-256 of a file's bytes.</summary>
    public static string OfFile(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
