using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Tests.NN;

/// <summary>A module with every kind of field.</summary>
internal sealed class Pieces : nn.Module<Tensor, Tensor>
{
    public readonly Linear first = nn.Linear(2, 3);

    [ComponentName(Name = "renamed")]
    public readonly Parameter scale = nn.Parameter(ones(3));

    public readonly Tensor offset = zeros(3);
    public readonly Linear? absent = null;
    private readonly BatchNorm2d _norm = nn.BatchNorm2d(3);

    public Pieces() : base("pieces") => RegisterComponents();

    public override Tensor forward(Tensor input) => first.call(input) * scale + offset;
}
