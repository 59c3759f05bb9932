namespace Lacuna.Runs.Demo;

/// <summary>What the demo can be asked for.</summary>
public sealed record DemoOptions
{
    /// <summary>Class of Fashion-MNIST to forget, 0 to 9.</summary>
    public int ForgetClass { get; init; }

    /// <summary>Random training images for the instance-wise part.</summary>
    public int Instances { get; init; } = 16;

    /// <summary>Seed of everything.</summary>
    public ulong Seed { get; init; } = 1;
}
