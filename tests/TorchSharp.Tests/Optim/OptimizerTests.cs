using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Optim;

public sealed class OptimizerTests
{
    [PortableFact("a step leaves a tensor in the caller's scope")]
    public void StepsLeaveNothingInTheScopeAndStateOutlivesIt()
    {
        using var bowl = new Bowl();
        using var optimizer = optim.Adam([bowl.Point], 0.1, weight_decay: 0.1, amsgrad: true);
        for (int i = 0; i < 3; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            bowl.Loss().backward();
            int before = scope.DisposablesCount;
            optimizer.step();
            optimizer.zero_grad();
            Assert.Equal(before, scope.DisposablesCount);
        }

        Assert.True(bowl.Point.is_leaf && bowl.Point.requires_grad);
    }

    [Fact]
    public void ParametersWithoutGradientStay()
    {
        using Parameter moved = nn.Parameter(ones(1)), still = nn.Parameter(ones(1));
        using var optimizer = optim.SGD([moved, still], 0.5, weight_decay: 0.5);
        using (NewDisposeScope()) moved.sum().backward();

        optimizer.step();

        Assert.Equal([0.25], Golden.Values(moved));
        Assert.Equal([1.0], Golden.Values(still));
        Assert.Equal(2, optimizer.parameters().Count());
    }

    [Fact]
    public void ZeroGradKeepsTheGradientAtZero()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter parameter = nn.Parameter(ones(2));
        using var optimizer = optim.SGD([parameter], 1);
        parameter.sum().backward();

        optimizer.zero_grad();

        Assert.Equal([0.0, 0.0], Golden.Values(parameter.grad!));
    }

    [Fact]
    public void ClosureRunsFirstAndItsLossIsReturned()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter parameter = nn.Parameter(tensor(new[] { 3f }));
        using var optimizer = optim.SGD([parameter], 0.1);

        Tensor? loss = optimizer.step(() =>
        {
            Tensor value = (parameter * parameter).sum();
            value.backward();
            return value;
        });

        Assert.Equal(9, loss!.item<float>());
        Golden.Close([2.4], Golden.Values(parameter), 1e-6);
        Assert.Null(optimizer.step());
    }

    [Fact]
    public void GroupsHaveTheirOwnSettingsAndTheOptimisersOtherwise()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter a = nn.Parameter(ones(1)), b = nn.Parameter(ones(1)), c = nn.Parameter(ones(1));
        using var optimizer = optim.SGD(
            [new SGD.ParamGroup([a], new SGD.Options { LearningRate = 0.25 }), new SGD.ParamGroup([b], new SGD.Options { maximize = true })],
            learningRate: 0.5);
        optimizer.add_param_group(new SGD.ParamGroup([c], lr: 0.125, weight_decay: 1));

        (a.sum() + b.sum() + c.sum()).backward();
        optimizer.step();

        Assert.Equal([0.75], Golden.Values(a));
        Assert.Equal([1.5], Golden.Values(b));
        Assert.Equal([0.75], Golden.Values(c));
        Assert.Equal([0.25, 0.5, 0.125], optimizer.ParamGroups.Select(group => group.LearningRate));
    }

    [Fact]
    public void LearningRateMayBeSet()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter parameter = nn.Parameter(ones(1));
        using var optimizer = optim.AdamW([("only", parameter)], 0.1);
        parameter.sum().backward();

        optimizer.ParamGroups.Single().LearningRate = 0;
        optimizer.step();

        Assert.Equal([1.0], Golden.Values(parameter));
        Assert.Equal(0.1, optimizer.ParamGroups.Single().InitialLearningRate);
    }

    [Fact]
    public void DisposingKeepsTheParameters()
    {
        using var bowl = new Bowl();
        var optimizer = optim.SGD([bowl.Point], 0.1, momentum: 0.9);
        bowl.Step(optimizer);
        optimizer.Dispose();
        Assert.False(bowl.Point.IsInvalid);
    }

    [PortableFact("the exception is an ArgumentException without a range")]
    public void SettingsOutOfRangeAreRefused()
    {
        using Parameter parameter = nn.Parameter(ones(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => optim.SGD([parameter], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => optim.SGD([parameter], 1, momentum: -0.1));
        Assert.Throws<ArgumentException>(() => optim.SGD([parameter], 1, nesterov: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => optim.Adam([parameter], beta1: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => optim.AdamW([parameter], eps: -1));
    }

    [PortableFact("the exceptions are others")]
    public void GroupsOfOthersAndRepeatedParametersAreRefused()
    {
        using Parameter parameter = nn.Parameter(ones(1)), other = nn.Parameter(ones(1));
        using var optimizer = optim.SGD([parameter], 1);
        Assert.Throws<ArgumentException>(() => optimizer.add_param_group(new Adam.ParamGroup([other])));
        Assert.Throws<ArgumentException>(() => optimizer.add_param_group(new SGD.ParamGroup([parameter])));
        Assert.Single(optimizer.ParamGroups);
    }

    [PortableFact("the exception is an ArgumentException")]
    public void StateOfAnotherKindOrOfOtherParametersIsRefused()
    {
        using Parameter one = nn.Parameter(ones(1)), two = nn.Parameter(ones(2));
        using var adam = optim.Adam([one]);
        using OptimizerHelper adamW = optim.AdamW([one]), more = optim.Adam([one, two]), other = optim.Adam([two]);
        using (NewDisposeScope()) one.sum().backward();
        adam.step();
        var saved = new MemoryStream();
        adam.save_state_dict(new BinaryWriter(saved));

        foreach (OptimizerHelper optimizer in new[] { adamW, more, other })
        {
            saved.Position = 0;
            Assert.Throws<InvalidDataException>(() => optimizer.load_state_dict(new BinaryReader(saved)));
        }
    }
}
