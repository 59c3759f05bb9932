namespace Lacuna.Data;

/// <summary>Which half of a published data set.</summary>
public enum DataSplit
{
    /// <summary>The images to train on.</summary>
    Train,

    /// <summary>The images held out.</summary>
    Test,
}
