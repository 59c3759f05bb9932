namespace Lacuna.Data;

/// <summary>Which of CIFAR-100's two labels are the classes.</summary>
public enum CifarLabels
{
    /// <summary>The hundred classes.</summary>
    Fine,

    /// <summary>The twenty super-classes (CIFAR-20); the hundred are then their sub-classes.</summary>
    Coarse,
}
