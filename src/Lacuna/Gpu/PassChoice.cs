namespace Lacuna.Gpu;

/// <summary>By which passes a network is gone through.</summary>
public enum PassChoice
{
    /// <summary>Compiled where the network has a compiled form and kernels are at work, otherwise general.</summary>
    Auto,

    /// <summary>Compiled, with kernels or operators; an error where the network has no compiled form.</summary>
    Compiled,

    /// <summary>The network's own layers and automatic differentiation, with kernels or operators around them.</summary>
    General,
}
