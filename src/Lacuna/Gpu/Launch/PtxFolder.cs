using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lacuna.Data;
using Lacuna.Kernels;
using Lacuna.Runs;

namespace Lacuna.Gpu.Launch;

/// <summary>
/// A folder of kernels that were compiled ahead of time: PTX files and the list of them. It is checked whole when it is opened, against the kernels
/// of this build: compiled from the same sources, none missing, none damaged.
/// </summary>
internal sealed class PtxFolder : IPtxSource
{
    /// <summary>The list.</summary>
    public const string ManifestName = "kernels.json";

    private const string Remedy = "Emit it anew with 'lacuna kernels --emit-ptx DIR'.";

    private static readonly JsonSerializerOptions Strict = new(RunJson.Options) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    private readonly string _folder;
    private readonly Dictionary<string, KernelPtx> _kernels = [];
    private readonly ComputeCapability _target;

    /// <summary>Reads and checks a folder.</summary>
    /// <param name="folder">As <see cref="Emit"/> wrote it.</param>
    /// <param name="kernels">What must be there; null for the catalogue.</param>
    /// <exception cref="DataFileException">It is missing, damaged, or made for other kernels.</exception>
    public PtxFolder(string folder, IReadOnlyList<KernelEntry>? kernels = null)
    {
        _folder = folder;
        var manifest = ReadManifest();
        Compiler = manifest.Compiler;
        var listed = manifest.Kernels.ToDictionary(kernel => kernel.Name);
        foreach (var kernel in kernels ?? KernelCatalogue.All)
        {
            if (!listed.TryGetValue(kernel.Name, out var entry)) throw Mismatch($"lacks the kernel {kernel.Name}");
            var parameters = new ParameterLayout(kernel).Parameters;
            if (!entry.Parameters.Select(Words).SequenceEqual(parameters.Select(Words)))
                throw Mismatch($"holds a {kernel.Name} that takes ({string.Join(", ", entry.Parameters.Select(Words))}), where this Lacuna gives it ({string.Join(", ", parameters.Select(Words))})");
            if (entry.GroupSize != kernel.GroupSize) throw Mismatch($"holds a {kernel.Name} for groups of {entry.GroupSize} threads, where this Lacuna launches {kernel.GroupSize}");
            _kernels.Add(kernel.Name, ReadKernel(entry));
        }
        if (manifest.Sources != KernelCatalogue.Sources) throw Mismatch("was compiled from other versions of the kernels' sources");
        try
        {
            _target = ComputeCapability.Parse(manifest.Target);
        }
        catch (ArgumentException e)
        {
            throw Damaged(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public string Compiler { get; }

    /// <inheritdoc/>
    public KernelPtx Get(KernelEntry kernel, ComputeCapability architecture)
    {
        if (architecture.CompareTo(_target) < 0)
            throw new InvalidOperationException($"The kernels in {_folder} run on devices from {_target} on, and this one is {architecture}. Emit them with 'lacuna kernels --emit-ptx DIR --arch {architecture}', or use '--kernels operators'.");
        return _kernels.TryGetValue(kernel.Name, out var ptx) ? ptx : throw new InvalidOperationException($"{_folder} holds no {kernel.Name}. {Remedy}");
    }

    /// <summary>Compiles kernels into a folder. The list is written last, so that it never speaks of what is not there.</summary>
    /// <param name="folder">Created when missing; files of the same names are replaced.</param>
    /// <param name="source">Compiles.</param>
    /// <param name="architecture">For devices of this kind and later.</param>
    /// <param name="kernels">Null for the catalogue.</param>
    /// <param name="compiled">Told of every kernel.</param>
    /// <param name="cancellation">Ends it between two kernels.</param>
    /// <exception cref="InvalidOperationException">A kernel does not compile.</exception>
    public static PtxManifest Emit(string folder, IPtxSource source, ComputeCapability architecture, IReadOnlyList<KernelEntry>? kernels = null, Action<PtxManifestEntry>? compiled = null, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(folder);
        File.Delete(Path.Combine(folder, ManifestName));
        var entries = new List<PtxManifestEntry>();
        var target = new ComputeCapability(0, 0);
        foreach (var kernel in kernels ?? KernelCatalogue.All)
        {
            cancellation.ThrowIfCancellationRequested();
            var ptx = source.Get(kernel, architecture);
            if (ptx.Target().CompareTo(target) > 0) target = ptx.Target();
            var bytes = Encoding.UTF8.GetBytes(ptx.Text);
            var entry = new PtxManifestEntry(kernel.Name, kernel.Name + ".ptx", bytes.Length, Hash(bytes), ptx.Entry, kernel.GroupSize, new ParameterLayout(kernel).Parameters);
            AtomicFile.Write(Path.Combine(folder, entry.File), file => file.Write(bytes));
            entries.Add(entry);
            compiled?.Invoke(entry);
        }
        var manifest = new PtxManifest(1, RunEnvironment.EngineVersion, KernelCatalogue.Sources, source.Compiler, architecture.ToString(), target.ToString(), entries);
        AtomicFile.WriteAllText(Path.Combine(folder, ManifestName), JsonSerializer.Serialize(manifest, RunJson.Options) + "\n");
        return manifest;
    }

    private PtxManifest ReadManifest()
    {
        var path = Path.Combine(_folder, ManifestName);
        if (!File.Exists(path)) throw new DataFileException(path, $"is not there, so {_folder} is no folder of compiled kernels. Name one that 'lacuna kernels --emit-ptx DIR' wrote.");
        PtxManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<PtxManifest>(File.ReadAllText(path), Strict);
        }
        catch (JsonException e)
        {
            throw Damaged(e.Message, e);
        }
        if (manifest is null) throw Damaged("it is empty");
        if (manifest.Format != 1) throw new DataFileException(path, $"is of format {manifest.Format}, and this Lacuna reads 1. {Remedy}");
        return manifest;
    }

    private KernelPtx ReadKernel(PtxManifestEntry entry)
    {
        var path = Path.Combine(_folder, Path.GetFileName(entry.File));
        if (!File.Exists(path)) throw new DataFileException(path, $"is not there, but {ManifestName} lists it. {Remedy}");
        var bytes = File.ReadAllBytes(path);
        if (Hash(bytes) != entry.Sha256) throw new DataFileException(path, $"is damaged: it is not what {ManifestName} says it is. {Remedy}");
        return new(entry.Entry, Encoding.UTF8.GetString(bytes));
    }

    private DataFileException Mismatch(string what) => new(_folder, $"{what}. {Remedy}");

    private DataFileException Damaged(string how, Exception? inner = null) => new(Path.Combine(_folder, ManifestName), $"is damaged: {how} {Remedy}", inner);

    private static string Words(KernelParameter parameter) => $"{parameter.Type} {parameter.Name} at {parameter.Offset}";

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
