namespace Lacuna.Studies;

/// <summary>A study by its name: its options and how it is made of them.</summary>
public sealed class StudyEntry
{
    private readonly Func<object, IStudy> _create;

    private StudyEntry(string name, object defaults, Func<object, IStudy> create) => (Name, Defaults, _create) = (name, defaults, create);

    /// <summary>As in experiment files.</summary>
    public string Name { get; }

    /// <summary>The options where nothing else is said.</summary>
    public object Defaults { get; }

    /// <summary>The study with these options, of the type of <see cref="Defaults"/>.</summary>
    /// <exception cref="ArgumentException">A value makes no sense.</exception>
    public IStudy Create(object options) => _create(options);

    /// <summary>An entry under the name that the study itself gives.</summary>
    public static StudyEntry Of<TOptions>(Func<TOptions, IStudy> create) where TOptions : class, new()
    {
        var defaults = new TOptions();
        return new(create(defaults).Name, defaults, options => create((TOptions)options));
    }
}
