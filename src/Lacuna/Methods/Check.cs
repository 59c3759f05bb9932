using System.Globalization;
using Lacuna.Models;

namespace Lacuna.Methods;

/// <summary>Checks of option values; the message names the option, the value and what is allowed.</summary>
internal static class Check
{
    public static void Positive(double value, string name) => Require(value > 0 && double.IsFinite(value), name, value, "a positive number");

    public static void NotNegative(double value, string name) => Require(value >= 0 && double.IsFinite(value), name, value, "zero or a positive number");

    public static void Within(double value, double low, double high, string name) => Require(value >= low && value <= high, name, value, $"between {low} and {high}");

    public static void AtLeast(int value, int least, string name) => Require(value >= least, name, value, $"a whole number of at least {least}");

    /// <summary>Refuses a network whose weights are constants or ask for no gradient, on behalf of a method that changes weights.</summary>
    public static void HasTrainableWeights(Classifier model, string method)
    {
        if (model.TrainableParameters().Count > 0) return;
        throw new ArgumentException(model.named_parameters().Any()
            ? $"{method} changes weights, but no parameter of this network asks for a gradient. In Python, before scripting: model.requires_grad_(True). A forget vector can be made without."
            : $"{method} changes weights, but this network has no parameters: torch.jit.freeze made constants of them. Give the module from before freezing; a forget vector can be made of this one.");
    }

    private static void Require(bool holds, string name, double value, string allowed)
    {
        if (!holds) throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it must be {allowed}."));
    }
}
