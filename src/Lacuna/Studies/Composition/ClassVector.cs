using Lacuna.Methods.ForgetVector;

namespace Lacuna.Studies.Composition;

/// <summary>The forget vector of a class, and what it does.</summary>
/// <param name="Label">The class.</param>
/// <param name="Vector">Named by the words of its forget set.</param>
/// <param name="UnlearningAccuracy">100 % - accuracy on the class's training images.</param>
/// <param name="RetainAccuracy">Accuracy on all other training images.</param>
/// <param name="TestAccuracy">Accuracy on the test images of the other classes.</param>
/// <param name="Norm">||delta||_2.</param>
internal sealed record ClassVector(int Label, StoredForgetVector Vector, double UnlearningAccuracy, double RetainAccuracy, double TestAccuracy, double Norm);
