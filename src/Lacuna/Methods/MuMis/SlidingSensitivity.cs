namespace Lacuna.Methods.MuMis;

/// <summary>
/// s_t = ||grad_x f_c'(D_f)||_F over the last batches that together hold as many images as D_f. With one batch of all images
/// it is exact; with smaller ones it is known after every step and not only once a pass, which matters because s_t grows
/// faster and faster once it rises.
/// </summary>
/// <param name="images">Images in D_f.</param>
internal sealed class SlidingSensitivity(int images)
{
    private readonly Queue<(double Mean, int Count)> _batches = [];
    private double _squared;
    private int _seen;

    /// <summary>Takes the next batch's mean of squared norms; returns s_t, or null until as many images as D_f holds were seen.</summary>
    public double? Add(double meanSquared, int count)
    {
        _batches.Enqueue((meanSquared, count));
        _squared += meanSquared * count;
        _seen += count;
        while (_seen - _batches.Peek().Count >= images)
        {
            var oldest = _batches.Dequeue();
            _squared -= oldest.Mean * oldest.Count;
            _seen -= oldest.Count;
        }
        // Batches of unequal size may overlap D_f a little; the mean times N is what compares.
        return _seen < images ? null : Math.Sqrt(Math.Max(0, _squared) * images / _seen);
    }
}
