using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Optim;

/// <summary>Five steps of each optimiser on a bumpy bowl, against PyTorch's, in float64.</summary>
public sealed class TrajectoryTests
{
    [Theory]
    [InlineData("sgd")]
    [InlineData("sgd_momentum")]
    [InlineData("sgd_dampening_decay")]
    [InlineData("sgd_nesterov_decay")]
#if PORTABLE_TENSORS
    // The package gives the decay the other sign.
    [InlineData("sgd_maximize_decay")]
#endif
    [InlineData("adam")]
    [InlineData("adam_decay")]
    [InlineData("adam_amsgrad")]
    [InlineData("adam_maximize_decay")]
    [InlineData("adamw_decay")]
    [InlineData("adamw_amsgrad_maximize")]
    public void StepsArePyTorchs(string name)
    {
        using var bowl = new Bowl();
        using OptimizerHelper optimizer = Build(name, [bowl.Point]);
        foreach (JsonElement expected in Golden.Root.GetProperty("optimizers").GetProperty(name).EnumerateArray())
        {
            bowl.Step(optimizer);
            Golden.Close(Golden.Row(expected), Golden.Values(bowl.Point));
        }
    }

    [Theory]
    [InlineData("sgd_dampening_decay")]
    [InlineData("adam_amsgrad")]
    [InlineData("adamw_decay")]
    public void SavedStateGoesOnExactly(string name)
    {
        using Bowl through = new(), parted = new();
        using OptimizerHelper whole = Build(name, [through.Point]), before = Build(name, [parted.Point]);
        using OptimizerHelper after = Build("plain " + name, [parted.Point]);
        var saved = new MemoryStream();
        for (int i = 0; i < 3; i++)
        {
            through.Step(whole);
            parted.Step(before);
        }

        before.save_state_dict(new BinaryWriter(saved));
        saved.Position = 0;
        after.load_state_dict(new BinaryReader(saved));
        for (int i = 0; i < 3; i++)
        {
            through.Step(whole);
            parted.Step(after);
        }

        Assert.Equal(Golden.Values(through.Point), Golden.Values(parted.Point));
        Assert.Equal(saved.Length, saved.Position);
    }

    private static OptimizerHelper Build(string name, Parameter[] p) => name switch
    {
        "sgd" => optim.SGD(p, 0.1),
        "sgd_momentum" => optim.SGD(p, 0.1, momentum: 0.9),
        "sgd_dampening_decay" => optim.SGD(p, 0.1, momentum: 0.8, dampening: 0.3, weight_decay: 0.05),
        "sgd_nesterov_decay" => optim.SGD(p, 0.1, momentum: 0.9, weight_decay: 0.05, nesterov: true),
        "sgd_maximize_decay" => optim.SGD(p, 0.1, weight_decay: 0.05, maximize: true),
        "adam" => optim.Adam(p, 0.1),
        "adam_decay" => optim.Adam(p, 0.1, 0.8, 0.95, eps: 1e-3, weight_decay: 0.2),
        "adam_amsgrad" => optim.Adam(p, 0.3, 0.5, 0.5, amsgrad: true),
        "adam_maximize_decay" => optim.Adam(p, 0.1, weight_decay: 0.2, maximize: true),
        "adamw_decay" => optim.AdamW(p, 0.1, weight_decay: 0.2),
        "adamw_amsgrad_maximize" => optim.AdamW(p, 0.3, 0.5, 0.5, weight_decay: 0.2, amsgrad: true, maximize: true),
        "plain sgd_dampening_decay" => optim.SGD(p, 1),
        "plain adam_amsgrad" => optim.Adam(p),
        "plain adamw_decay" => optim.AdamW(p),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
