namespace Lacuna.Gpu.Launch;

/// <summary>What lies in a folder of compiled kernels: its <c>kernels.json</c>.</summary>
/// <param name="Format">1.</param>
/// <param name="Lacuna">Version of the engine that wrote it, for people.</param>
/// <param name="Sources">The kernels' sources, <see cref="Lacuna.Kernels.KernelCatalogue.Sources"/>.</param>
/// <param name="Compiler">What compiled them.</param>
/// <param name="Architecture">What they were compiled for.</param>
/// <param name="Target">The oldest architecture they run on.</param>
/// <param name="Kernels">By name.</param>
public sealed record PtxManifest(int Format, string Lacuna, string Sources, string Compiler, string Architecture, string Target, IReadOnlyList<PtxManifestEntry> Kernels);

/// <summary>A kernel of it.</summary>
/// <param name="Name">In the catalogue.</param>
/// <param name="File">Beside the manifest.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="Sha256">Of the file.</param>
/// <param name="Entry">Name in the PTX.</param>
/// <param name="GroupSize">Threads of a group that it was compiled for.</param>
/// <param name="Parameters">As it takes them.</param>
public sealed record PtxManifestEntry(string Name, string File, int Bytes, string Sha256, string Entry, int GroupSize, IReadOnlyList<KernelParameter> Parameters);
