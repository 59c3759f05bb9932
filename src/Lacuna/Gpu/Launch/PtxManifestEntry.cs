namespace Lacuna.Gpu.Launch;

/// <summary>A kernel in a folder of compiled kernels.</summary>
/// <param name="Name">In the catalogue.</param>
/// <param name="File">Beside the manifest.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="Sha256">Of the file.</param>
/// <param name="Entry">Name in the PTX.</param>
/// <param name="GroupSize">Threads of a group that it was compiled for.</param>
/// <param name="Parameters">As it takes them.</param>
public sealed record PtxManifestEntry(string Name, string File, int Bytes, string Sha256, string Entry, int GroupSize, IReadOnlyList<KernelParameter> Parameters);
