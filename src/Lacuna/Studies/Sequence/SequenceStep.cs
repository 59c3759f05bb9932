namespace Lacuna.Studies.Sequence;

/// <summary>A model measured after one request of a sequence. All in percent; NaN from the request on at which the method diverged.</summary>
/// <param name="Step">Requests met so far; 0 for the original.</param>
/// <param name="Accuracies">Accuracy on the training images of every request of the sequence, met or not yet met.</param>
/// <param name="Retain">RA: accuracy on the training images that no request so far took.</param>
/// <param name="Test">TA: accuracy on the test images, without those of classes and sub-classes forgotten whole so far.</param>
/// <param name="Seconds">Time of the method at this step.</param>
/// <param name="Ended">Why the method ended, or what went wrong; empty for the original.</param>
internal sealed record SequenceStep(int Step, IReadOnlyList<double> Accuracies, double Retain, double Test, double Seconds, string Ended)
{
    /// <summary>Accuracy on the request that was met last; NaN before the first.</summary>
    public double Newest => Step == 0 ? double.NaN : Accuracies[Step - 1];

    /// <summary>Mean accuracy on the requests before that; NaN where there is none.</summary>
    public double Earlier => Step < 2 ? double.NaN : Accuracies.Take(Step - 1).Average();

    /// <summary>Mean of the distances of RA and TA to the oracle's, in points.</summary>
    public double UtilityGapTo(SequenceStep oracle) => (Math.Abs(Retain - oracle.Retain) + Math.Abs(Test - oracle.Test)) / 2;

    /// <summary>Mean over all requests met so far of the distance of the accuracy on it to the oracle's, in points; NaN before the first.</summary>
    public double ResilienceGapTo(SequenceStep oracle) => Step == 0 ? double.NaN : Accuracies.Zip(oracle.Accuracies, (own, other) => Math.Abs(own - other)).Take(Step).Average();
}
