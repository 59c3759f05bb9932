namespace Lacuna.Models.Checkpoints;

/// <summary>The names that one kind of pickle may mention, and what becomes of them. The list depends on the use: a checkpoint may not ask for an
/// array, nor a data file for a tensor.</summary>
internal interface IPickleGlobals
{
    /// <summary>Whether the strings of Python 2 are bytes, as in data files, and not text, as in state dicts.</summary>
    bool StringsAreBytes { get; }

    /// <summary>What a name stands for.</summary>
    /// <param name="name">Module and name, joined by a dot.</param>
    /// <param name="offset">For messages.</param>
    /// <param name="whole">Whether nothing stands before it: then the pickle is an object of that class.</param>
    /// <exception cref="CheckpointException">The name is not on the list.</exception>
    object Resolve(string name, long offset, bool whole);

    /// <summary>What calling a name yields: a description, never an execution.</summary>
    object? Call(object? callee, object? arguments, long offset);

    /// <summary>Gives a value its state.</summary>
    void Build(object? target, object? state, long offset);

    /// <summary>What a persistent id stands for.</summary>
    object PersistentId(object? id, long offset);
}
