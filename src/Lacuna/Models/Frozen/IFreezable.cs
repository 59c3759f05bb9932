namespace Lacuna.Models.Frozen;

/// <summary>A block that knows its frozen form.</summary>
internal interface IFreezable
{
    /// <summary>The block in eval mode as a stage.</summary>
    /// <param name="channelsLast">Whether activations are.</param>
    FrozenStage Freeze(bool channelsLast);
}
