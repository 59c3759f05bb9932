namespace Lacuna.Evaluation.Corruptions;

/// <summary>How the intensity of an elastic transformation follows the images' size.</summary>
public enum ElasticScaling
{
    /// <summary>Like a length, by side / 244: the numbers are the published multiples of the side. Small images are bent far more than large ones, because fewer independent values are averaged.</summary>
    Proportional,

    /// <summary>By (side / 244)²: a filter of sigma pixels leaves 1 / sigma of the field's spread, so this is what displaces pixels by the same share of the side at every size.</summary>
    SameShape,
}
