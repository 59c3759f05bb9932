using System.Globalization;
using Lacuna.Figures;
using Lacuna.Methods;
using Lacuna.Methods.MuMis;
using Lacuna.Models;

namespace Lacuna.Studies.MuMisTrajectory;

/// <summary>
/// What MU-Mis does to accuracies and sensitivities step by step, where its rule stops it, and what would have come had it not (Cheng et al. 2024, arXiv 2402.15109,
/// algorithm 1). The run is the method's own, watched from outside.
/// </summary>
public sealed class MuMisTrajectoryStudy : IStudy
{
    private readonly MuMisTrajectoryOptions _options;

    /// <param name="options">Validated here.</param>
    public MuMisTrajectoryStudy(MuMisTrajectoryOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <inheritdoc/>
    public string Name => "mu-mis-trajectory";

    /// <inheritdoc/>
    public object Options => _options;

    /// <inheritdoc/>
    public string? Lacks(StudyContext context) => SettingsIn(context) is null ? "The trajectory of MU-Mis needs the method 'mu-mis' among the methods; add it." : null;

    /// <inheritdoc/>
    public IReadOnlyList<Figure> Run(StudyContext context, CancellationToken cancellation)
    {
        var meter = new TrajectoryMeter(context, _options);
        var trajectory = Watch(context, meter, cancellation);
        TrajectoryCsv.Write(Path.Combine(context.Folder, Name + ".csv"), trajectory.Points);
        var oracle = context.Oracle is { } retrained ? meter.Measure(0, retrained.Model, cancellation) : null;
        return [TrajectoryFigure.Of(trajectory, oracle, meter)];
    }

    /// <summary>The numbers alone.</summary>
    /// <exception cref="ArgumentException">There is no method 'mu-mis', or it does not fit the network.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public Trajectory Measure(StudyContext context, CancellationToken cancellation) => Watch(context, new TrajectoryMeter(context, _options), cancellation);

    private Trajectory Watch(StudyContext context, TrajectoryMeter meter, CancellationToken cancellation)
    {
        var settings = SettingsIn(context) ?? throw new ArgumentException(Lacks(context), nameof(context));
        var points = new List<TrajectoryPoint>();
        void Run(MuMisOptions options, int after, string stage, out int steps, out bool converged, out string reason)
        {
            var observer = new MethodObserver(_options.Every, Look);
            using var outcome = new MuMisMethod(options).Run(context.Original.Model, new(context.Train, context.Split, context.Draws, context.Compute, new Relay(stage, context.Progress)) { Observer = observer }, cancellation);
            (steps, converged, reason) = (outcome.Steps, outcome.Converged, outcome.StopReason);

            void Look(int step, Classifier model)
            {
                if (step > after) points.Add(meter.Measure(step, model, cancellation));
            }
        }

        int end;
        bool converged;
        string reason;
        try
        {
            Run(settings, after: -1, "watch mu-mis", out end, out converged, out reason);
        }
        catch (DivergedException e)
        {
            return new(points, null, false, e.Message, settings.Delta, "");
        }
        var further = (int)Math.Ceiling(end * _options.PastStop);
        if (further == 0) return new(points, end, converged, reason, settings.Delta, "");
        try
        {
            // No ratio exceeds the largest number: the same run from the start, which nothing stops at the threshold. Its draws depend on step and row alone.
            Run(settings with { Delta = double.MaxValue, MaxSteps = end + further }, after: end, "watch it go on", out _, out _, out _);
            return new(points, end, converged, reason, settings.Delta, string.Create(CultureInfo.InvariantCulture, $"The run was then taken {further} steps further, as if no rule had stopped it."));
        }
        catch (DivergedException)
        {
            return new(points, end, converged, reason, settings.Delta, "Taken further, as if no rule had stopped it, its numbers overflowed soon after the last step shown.");
        }
    }

    private static MuMisOptions? SettingsIn(StudyContext context) => context.Methods.OfType<MuMisMethod>().FirstOrDefault()?.Options as MuMisOptions;

    // Not Progress<T>: that one reports from another thread, and late.
    private sealed class Relay(string stage, IProgress<Runs.RunProgress> target) : IProgress<MethodProgress>
    {
        public void Report(MethodProgress value) => target.Report(new(stage, value.Done, value.Total, value.Message, value.Images));
    }
}
