namespace Lacuna.Benchmarks.Steps;

/// <summary>How much each step has to do.</summary>
internal sealed record SettingOptions
{
    /// <summary>Images a step.</summary>
    public int Batch { get; init; } = 256;

    /// <summary>Images whose own gradients make the importance; of a smaller batch all.</summary>
    public int ImportanceImages { get; init; } = 128;

    /// <summary>Instance-wise: images to forget.</summary>
    public int Instances { get; init; } = 16;

    /// <summary>Instance-wise: attacks an image.</summary>
    public int Attacks { get; init; } = 20;

    /// <summary>Instance-wise: steps an attack.</summary>
    public int AttackSteps { get; init; } = 100;

    /// <summary>Instance-wise: passes over the adversarial images at most.</summary>
    public int MaxPasses { get; init; } = 50;
}
