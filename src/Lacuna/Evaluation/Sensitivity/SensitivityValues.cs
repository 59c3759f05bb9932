namespace Lacuna.Evaluation.Sensitivity;

/// <summary>Input sensitivities of some images under one model, one entry an image, in the order in which the rows were given.</summary>
public sealed record SensitivityValues
{
    /// <summary>Row of the image in its set.</summary>
    public required IReadOnlyList<int> Rows { get; init; }

    /// <summary>True label c.</summary>
    public required IReadOnlyList<int> Labels { get; init; }

    /// <summary>Class with the largest logit.</summary>
    public required IReadOnlyList<int> Predicted { get; init; }

    /// <summary>||grad_x f_c||_F of the target logit. Logit per unit of [0,1] pixel distance.</summary>
    public required IReadOnlyList<double> Target { get; init; }

    /// <summary>Mean over the irrelevant logits c' that were looked at of ||grad_x f_c'||_F.</summary>
    public required IReadOnlyList<double> Irrelevant { get; init; }

    /// <summary>Mean over the same logits of ||grad_x f_c'||_F^2: what MU-Mis' loss expects of a class drawn at random.</summary>
    public required IReadOnlyList<double> IrrelevantSquared { get; init; }

    /// <summary>Irrelevant logits a mean was taken over: all but the target's, or as many as were drawn for each image.</summary>
    public required int IrrelevantLogits { get; init; }

    /// <summary>Images.</summary>
    public int Count => Rows.Count;

    /// <summary>d(x) = ||grad_x f_c|| - mean ||grad_x f_c'||.</summary>
    public double Difference(int image) => Target[image] - Irrelevant[image];

    /// <summary>Root of the mean over the images of ||grad_x f_c||^2; NaN for none.</summary>
    public double TargetRms => Count == 0 ? double.NaN : Math.Sqrt(Target.Average(norm => norm * norm));

    /// <summary>Root of the mean over images and irrelevant logits of ||grad_x f_c'||^2; NaN for none. Over all forget images this is the mean of MU-Mis' s_t, divided by the root of N.</summary>
    public double IrrelevantRms => Count == 0 ? double.NaN : Math.Sqrt(IrrelevantSquared.Average());
}
