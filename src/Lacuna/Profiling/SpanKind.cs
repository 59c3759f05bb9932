namespace Lacuna.Profiling;

/// <summary>What a stretch of a run is spent on.</summary>
public enum SpanKind
{
    /// <summary>A part of a method, named by what it is for; what of it lies in no inner span is other work of the host.</summary>
    Phase,

    /// <summary>A pass through the network, one of <see cref="PassNames"/>.</summary>
    Pass,

    /// <summary>One operation of the hot paths, by its name, whoever does its work.</summary>
    Kernel,

    /// <summary>Making a batch.</summary>
    Data,

    /// <summary>Between host and device, where the host waits for what the device has still to do.</summary>
    Copy,
}
