namespace Lacuna.Evaluation.Corruptions;

/// <summary>How a row a b c d goes on beyond its ends.</summary>
internal enum Border
{
    /// <summary>d c b a | a b c d | d c b a: scipy.ndimage's "reflect".</summary>
    Reflect,

    /// <summary>d c b | a b c d | c b a: OpenCV's BORDER_REFLECT_101.</summary>
    Reflect101,
}
