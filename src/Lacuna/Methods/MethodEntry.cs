using Lacuna.Methods.Training;

namespace Lacuna.Methods;

/// <summary>A method by its name: its options and how it is made of them.</summary>
public sealed class MethodEntry
{
    private readonly Func<TrainingOptions, object> _defaults;
    private readonly Func<object, IUnlearningMethod> _create;

    private MethodEntry(string name, Func<TrainingOptions, object> defaults, Func<object, IUnlearningMethod> create) => (Name, _defaults, _create) = (name, defaults, create);

    /// <summary>As on the command line.</summary>
    public string Name { get; }

    /// <summary>The options where nothing else is said.</summary>
    /// <param name="recipe">How the original was trained; the oracle is trained in the same way.</param>
    public object DefaultsFor(TrainingOptions recipe) => _defaults(recipe);

    /// <summary>The method with these options.</summary>
    /// <param name="options">Of the type of <see cref="DefaultsFor"/>.</param>
    /// <exception cref="ArgumentException">A value makes no sense, or makes another method of it.</exception>
    public IUnlearningMethod Create(object options)
    {
        var method = _create(options);
        return method.Name == Name ? method : throw new ArgumentException($"With these options {Name} is {method.Name}. Ask for it by that name, or change them.");
    }

    internal static MethodEntry Of<T>(string name, Func<TrainingOptions, T> defaults, Func<T, IUnlearningMethod> create) where T : class =>
        new(name, recipe => defaults(recipe), options => create((T)options));
}
