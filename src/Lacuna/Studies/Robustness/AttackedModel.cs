namespace Lacuna.Studies.Robustness;

/// <summary>Against which model adversarial images are made.</summary>
public enum AttackedModel
{
    /// <summary>The original alone, without a forget vector: every subject is shown the same images.</summary>
    Original,

    /// <summary>Every subject for itself, its forget vector a part of what is attacked.</summary>
    EachSubject,

    /// <summary>Both, as two shifts.</summary>
    Both,
}
