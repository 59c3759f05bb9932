using Lacuna.Models;

namespace Lacuna.Methods;

/// <summary>Looks at a model while a method changes it, without taking part: the run is the same bit for bit with and without it.</summary>
/// <param name="every">Steps from one look to the next, at least 1.</param>
/// <param name="look">
/// Given the number of updates made so far and the model as they left it. It may use the model as it likes, <see cref="FrozenWeights"/> included, but leaves
/// weights, buffers, mode and flags as it found them; it draws from a <see cref="Numerics.DrawSource"/> only, which has no state that a method could miss.
/// </param>
public sealed class MethodObserver(int every, Action<int, Classifier> look)
{
    private readonly int _every = every >= 1 ? every : throw new ArgumentOutOfRangeException(nameof(every), every, "A model can be looked at every step, or every second one, but not more often.");
    private int _seen = -1;

    /// <summary>Called by the method before its first step and after each: looks when it is time.</summary>
    public void After(int steps, Classifier model)
    {
        if (steps % _every == 0) Look(steps, model);
    }

    /// <summary>Called by the method once at its end: the last state is seen even when it falls between two looks.</summary>
    public void AtEnd(int steps, Classifier model) => Look(steps, model);

    private void Look(int steps, Classifier model)
    {
        if (steps == _seen) return;
        _seen = steps;
        look(steps, model);
    }
}
