using Lacuna.Methods.Training;
using Lacuna.Models;

namespace Lacuna.Tests.Methods;

public sealed class TrainingPresetTests
{
    /// <summary>The recipe whose accuracy was measured: another value is another recipe and needs its own measurement.</summary>
    [Fact]
    public void CifarResNet20IsTheRecipeThatWasMeasured()
    {
        var preset = TrainingPresets.Named("cifar-resnet20");
        Assert.Equal("resnet20", preset.Architecture);
        Assert.Equal(new TrainingOptions
        {
            Epochs = 10, EarlyShare = 0.5, EarlySize = 24, BatchSize = 64, LearningRate = 0.1, Momentum = 0.9, Nesterov = true, WeightDecay = 5e-4, WarmupShare = 0.15, LabelSmoothing = 0, Augmentation = new(2, true),
        }, preset.Recipe);
    }

    [Fact]
    public void EveryPresetHasANameOfItsOwnANetworkOfTheZooAndAValidRecipe()
    {
        Assert.Distinct(TrainingPresets.All.Select(preset => preset.Name));
        foreach (var preset in TrainingPresets.All)
        {
            Assert.Same(preset, TrainingPresets.Named(preset.Name));
            Assert.Contains(preset.Architecture, ModelZoo.Entries.Select(e => e.Name));
            preset.Recipe.Validate();
        }
    }

    [Fact]
    public void AnUnknownNameIsAnErrorThatListsThem()
    {
        var error = Assert.Throws<ArgumentException>(() => TrainingPresets.Named("cifar"));
        Assert.All(TrainingPresets.All, preset => Assert.Contains(preset.Name, error.Message));
    }
}
