namespace Lacuna.Studies.MuMisTrajectory;

/// <summary>The model after so many steps.</summary>
/// <param name="Step">Updates made.</param>
/// <param name="Forget">Accuracy on the forget images, in percent.</param>
/// <param name="Retain">Accuracy on the sample of retain images, in percent.</param>
/// <param name="Test">Accuracy on the sample of test images without those of the forgotten classes, in percent.</param>
/// <param name="ForgottenTest">Accuracy on the test images of the forgotten classes, in percent; NaN where none is forgotten whole.</param>
/// <param name="Target">Root mean square of ||grad_x f_c|| over the sample of forget images.</param>
/// <param name="Irrelevant">Root mean square of ||grad_x f_c'|| over the sample and its irrelevant classes.</param>
public sealed record TrajectoryPoint(int Step, double Forget, double Retain, double Test, double ForgottenTest, double Target, double Irrelevant);
