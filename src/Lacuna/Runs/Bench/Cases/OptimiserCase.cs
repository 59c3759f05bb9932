using Lacuna.Gpu;
using Lacuna.Gpu.Optimisers;
using static TorchSharp.torch;

namespace Lacuna.Runs.Bench.Cases;

/// <summary>A step of an optimiser over all parameters.</summary>
/// <param name="name">Short name.</param>
/// <param name="fields">Numbers read and written for each weight.</param>
/// <param name="create">The optimiser of some parameters, with a pull towards others held as strongly as the third list says.</param>
internal sealed class OptimiserCase(string name, int fields, Func<TensorKernels, Tensor[], Tensor[], Tensor[], FusedOptimiser> create) : BenchCase
{
    private const double Rate = 1e-4;

    public override string Name => name;

    public override BenchInstance Create(long bytes, Device device, int seed)
    {
        var sizes = NetworkTensors.Split(bytes);
        Tensor[] DrawAll(int list) => [.. sizes.Select((size, i) => Draw([size], device, seed + 1000 * i + 100_000 * list))];
        var (parameters, gradients, start) = (DrawAll(0), DrawAll(1), DrawAll(2));
        Tensor[] hold = [.. sizes.Select((size, i) => DrawPixels([size], device, seed + 1000 * i))];
        var optimisers = new Optimisers(kernels => create(kernels, parameters, start, hold));
        return new(NetworkTensors.Shape(sizes), fields * sizeof(float) * sizes.Sum(), [.. parameters, .. gradients, .. start, .. hold, optimisers],
            kernels => optimisers.Of(kernels).Step(gradients, Rate),
            (kernels, type) =>
            {
                var stepped = NetworkTensors.Copies(parameters, type);
                using var optimiser = create(kernels, stepped, NetworkTensors.Copies(start, type), NetworkTensors.Copies(hold, type));
                for (var step = 0; step < 3; step++) optimiser.Step(NetworkTensors.Copies(gradients, type), 0.01);
                return stepped;
            });
    }

    /// <summary>One optimiser for the kernels, one for the operators, on the same parameters: each has running values of its own.</summary>
    private sealed class Optimisers(Func<TensorKernels, FusedOptimiser> create) : IDisposable
    {
        private readonly Dictionary<TensorKernels, FusedOptimiser> _of = [];

        public FusedOptimiser Of(TensorKernels kernels) => _of.TryGetValue(kernels, out var known) ? known : _of[kernels] = create(kernels);

        public void Dispose()
        {
            foreach (var optimiser in _of.Values) optimiser.Dispose();
        }
    }
}
