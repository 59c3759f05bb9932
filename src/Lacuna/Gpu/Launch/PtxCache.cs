using System.Security.Cryptography;
using System.Text;
using Lacuna.Data;
using Lacuna.Kernels;

namespace Lacuna.Gpu.Launch;

/// <summary>
/// Keeps what another source compiled on the disk. A file's name says for which kernel and architecture, by which compiler, from which build of the
/// kernels; its first line holds the hash of the rest, and a file that does not fit its hash is compiled again.
/// A folder that cannot be read or written costs time and nothing else.
/// </summary>
/// <param name="source">Compiles what is not there.</param>
/// <param name="folder">Created when first written to.</param>
internal sealed class PtxCache(IPtxSource source, string folder) : IPtxSource
{
    private const string Head = "// lacuna ";

    /// <summary>The place for caches on this system, with a folder of ours in it.</summary>
    public static string DefaultFolder => Path.Combine(CacheFolder.Root, "ptx");

    /// <inheritdoc/>
    public string Compiler => source.Compiler;

    /// <inheritdoc/>
    public KernelPtx Get(KernelEntry kernel, ComputeCapability architecture)
    {
        var path = PathFor(kernel, architecture);
        if (Read(path) is { } kept) return kept;
        var compiled = source.Get(kernel, architecture);
        Write(path, compiled);
        return compiled;
    }

    /// <summary>The file that keeps a kernel.</summary>
    internal string PathFor(KernelEntry kernel, ComputeCapability architecture)
    {
        var key = Hash($"{kernel.Name}\n{kernel.GroupSize}\n{architecture}\n{source.Compiler}\n{kernel.Method.Module.ModuleVersionId}")[..16];
        return Path.Combine(folder, $"{kernel.Name}.{architecture}.{key}.ptx");
    }

    // "// lacuna HASH ENTRY", then the PTX: still PTX as a whole, and what is hashed is the entry and the rest.
    private static KernelPtx? Read(string path)
    {
        try
        {
            if (!File.Exists(path)) return null;
            var text = File.ReadAllText(path);
            var end = text.IndexOf('\n');
            if (end < 0 || !text.StartsWith(Head, StringComparison.Ordinal)) return null;
            var words = text[Head.Length..end].Split(' ');
            var ptx = text[(end + 1)..];
            return words is [var hash, var entry] && hash == Hash(entry + ptx) ? new(entry, ptx) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Write(string path, KernelPtx ptx)
    {
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.WriteAllText(path, $"{Head}{Hash(ptx.Entry + ptx.Text)} {ptx.Entry}\n{ptx.Text}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Compiled again next time.
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
