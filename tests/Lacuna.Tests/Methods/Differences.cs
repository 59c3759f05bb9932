using TorchSharp;
using static TorchSharp.torch;

namespace Lacuna.Tests.Methods;

/// <summary>Central differences in float64.</summary>
internal static class Differences
{
    /// <summary>(f(v + h) - f(v - h)) / 2h for one element of a tensor, which is put back afterwards.</summary>
    public static double At(Tensor variable, long element, double step, Func<double> function)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var flat = variable.detach().view(-1);
        var here = flat[element].ToDouble();
        double Beside(double value)
        {
            flat[element] = value;
            using (enable_grad()) return function();
        }
        var difference = (Beside(here + step) - Beside(here - step)) / (2 * step);
        flat[element] = here;
        return difference;
    }

    /// <summary>Some elements of a tensor, spread over it: the first, the last and others at irregular distances.</summary>
    public static IEnumerable<long> Some(Tensor tensor, int count)
    {
        var length = tensor.numel();
        return Enumerable.Range(0, count).Select(i => i * (length - 1) / Math.Max(1, count - 1)).Distinct();
    }
}
