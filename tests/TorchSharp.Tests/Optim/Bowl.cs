using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Optim;

/// <summary>sum(c p^2)/2 + sum(sin(2 p)), from the start that make_golden.py has too.</summary>
internal sealed class Bowl : IDisposable
{
    private readonly Tensor _curvature = tensor(Golden.Row(Golden.Root.GetProperty("curvature")));

    public Parameter Point { get; } = nn.Parameter(tensor(Golden.Row(Golden.Root.GetProperty("start"))));

    public void Step(optim.Optimizer optimizer)
    {
        using DisposeScope scope = NewDisposeScope();
        optimizer.zero_grad();
        Loss().backward();
        optimizer.step();
    }

    public Tensor Loss() => ((_curvature * Point * Point).sum() / 2) + (Point * 2).sin().sum();

    public void Dispose()
    {
        Point.Dispose();
        _curvature.Dispose();
    }
}
