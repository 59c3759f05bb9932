using Lacuna.Evaluation;
using Lacuna.Evaluation.Sensitivity;
using Lacuna.Models;
using Lacuna.Numerics;

namespace Lacuna.Studies.MuMisTrajectory;

/// <summary>Measures a model again and again on the same images.</summary>
internal sealed class TrajectoryMeter
{
    private readonly StudyContext _context;
    private readonly MuMisTrajectoryOptions _options;
    private readonly int[] _retain;
    private readonly int[] _test;
    private readonly int[] _forgottenTest;
    private readonly int[] _sensitive;

    public TrajectoryMeter(StudyContext context, MuMisTrajectoryOptions options)
    {
        (_context, _options) = (context, options);
        var (forgotten, kept) = context.Split.DivideTest(context.Test);
        _forgottenTest = forgotten;
        _retain = RowSample.Of(context.Split.Retain, options.Images, context.Draws, DrawPurpose.TrajectorySample, part: 0);
        _test = RowSample.Of(kept, options.Images, context.Draws, DrawPurpose.TrajectorySample, part: 1);
        _sensitive = RowSample.Of(context.Split.Forget, options.SensitivityImages, context.Draws, DrawPurpose.TrajectorySample, part: 2);
    }

    /// <summary>Forget images whose sensitivities are taken.</summary>
    public int SensitivityImages => _sensitive.Length;

    /// <summary>Retain images seen.</summary>
    public int RetainImages => _retain.Length;

    /// <summary>Test images seen, without those of the forgotten classes.</summary>
    public int TestImages => _test.Length;

    public TrajectoryPoint Measure(int step, Classifier model, CancellationToken cancellation)
    {
        var predictor = new Predictor(model, null, _context.Compute);
        var sensitivity = new SensitivityMeter(model, null, _context.Compute, _context.Draws, _options.IrrelevantLogits).Of(_context.Train, _sensitive, cancellation);
        return new(step,
            predictor.Of(_context.Train, _context.Split.Forget, cancellation).AccuracyPercent,
            predictor.Of(_context.Train, _retain, cancellation).AccuracyPercent,
            predictor.Of(_context.Test, _test, cancellation).AccuracyPercent,
            predictor.Of(_context.Test, _forgottenTest, cancellation).AccuracyPercent,
            sensitivity.TargetRms, sensitivity.IrrelevantRms);
    }
}
