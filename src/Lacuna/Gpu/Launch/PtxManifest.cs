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
