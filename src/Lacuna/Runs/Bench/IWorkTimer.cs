namespace Lacuna.Runs.Bench;

/// <summary>Measures how long a device takes.</summary>
public interface IWorkTimer
{
    /// <summary>Milliseconds from the work's beginning on the device until its end there.</summary>
    double Ms(Action work);
}
