using Lacuna.Evaluation.Sensitivity;

namespace Lacuna.Studies.Sensitivity;

/// <summary>What was measured of one model.</summary>
/// <param name="Name">Of the subject; <see cref="SensitivityFindings.Untrained"/> for the network before training.</param>
/// <param name="Forget">Forget images; the same rows for every model.</param>
/// <param name="Retain">Retain images; the same rows for every model.</param>
public sealed record SubjectSensitivity(string Name, SensitivityValues Forget, SensitivityValues Retain);
