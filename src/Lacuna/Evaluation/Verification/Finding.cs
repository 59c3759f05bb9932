namespace Lacuna.Evaluation.Verification;

/// <summary>One line of a verification.</summary>
/// <param name="Quantity">Name in the reference; for one tensor a parameter, the common name.</param>
/// <param name="Tensors">Tensors compared.</param>
/// <param name="LargestAbsolute">Largest absolute error.</param>
/// <param name="LargestRelative">Largest absolute error over the largest absolute reference value of its tensor.</param>
/// <param name="Closeness">Largest error in units of its limit; 1 is at the limit.</param>
/// <param name="Limit">The limit, in words.</param>
/// <param name="Holds">Whether every element is inside it.</param>
/// <param name="Note">What a reader should know: the tensor that came closest, or why it could not be compared.</param>
public sealed record Finding(string Quantity, int Tensors, double LargestAbsolute, double LargestRelative, double Closeness, string Limit, bool Holds, string Note);
