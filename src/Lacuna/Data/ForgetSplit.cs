namespace Lacuna.Data;

/// <summary>A training set divided into the images to forget and those to retain, with all it takes to make the division again.</summary>
public sealed class ForgetSplit
{
    private readonly int[] _forget;
    private readonly int[] _retain;

    /// <summary>Makes a split from the images to forget; all others are retained.</summary>
    /// <param name="forget">Ascending, distinct, inside the set.</param>
    /// <param name="whole">The classes forgotten whole.</param>
    /// <exception cref="ArgumentException">The indices are not as demanded.</exception>
    public ForgetSplit(string spec, ulong seed, string setName, string setHash, int count, int[] forget, ForgottenClasses whole)
        : this(spec, seed, setName, setHash, count, forget, whole, null)
    {
    }

    private ForgetSplit(string spec, ulong seed, string setName, string setHash, int count, int[] forget, ForgottenClasses whole, ForgetSplit? earlier)
    {
        for (int i = 0; i < forget.Length; i++)
        {
            if (forget[i] < 0 || forget[i] >= count || (i > 0 && forget[i] <= forget[i - 1]))
            {
                throw new ArgumentException($"Forget index {forget[i]} at position {i} is not ascending inside 0 to {count - 1}.", nameof(forget));
            }
        }
        (Spec, Seed, SetName, SetHash, Count, Whole, Earlier) = (spec, seed, setName, setHash, count, whole, earlier);
        _forget = [.. forget];
        _retain = [.. Enumerable.Range(0, count).Except(forget).Except(earlier?.AllForgotten ?? [])];
    }

    /// <summary>The words that made it.</summary>
    public string Spec { get; }

    /// <summary>The seed of the run.</summary>
    public ulong Seed { get; }

    /// <summary>The training set's name.</summary>
    public string SetName { get; }

    /// <summary>The training set's <see cref="ImageSet.ContentHash"/>.</summary>
    public string SetHash { get; }

    /// <summary>Images in the training set.</summary>
    public int Count { get; }

    /// <summary>The classes and sub-classes that are forgotten whole; none when single images are forgotten.</summary>
    public ForgottenClasses Whole { get; }

    /// <summary>Training images to forget, ascending.</summary>
    public ReadOnlySpan<int> Forget => _forget;

    /// <summary>The request that was met before this one; null for the first, as most are.</summary>
    public ForgetSplit? Earlier { get; }

    /// <summary>Training images that this request and all earlier ones forget, ascending.</summary>
    public IReadOnlyList<int> AllForgotten => [.. _forget.Concat(Earlier?.AllForgotten ?? []).Order()];

    /// <summary>Training images to retain, ascending: all others, without what earlier requests took.</summary>
    public ReadOnlySpan<int> Retain => _retain;

    /// <summary>Divides a test set in the same way: by class or sub-class when such are forgotten; otherwise nothing of it is to be forgotten.</summary>
    /// <exception cref="ForgetSetException">Sub-classes are forgotten, but the test set has none.</exception>
    public (int[] Forget, int[] Retain) DivideTest(ImageSet test)
    {
        int[] left = Earlier?.DivideTest(test).Retain ?? [.. Enumerable.Range(0, test.Count)];
        int[] forget = [.. left.Intersect(Whole.Of(test))];
        return (forget, [.. left.Except(forget)]);
    }

    /// <summary>This request made of a training set from which <paramref name="earlier"/> ones have taken their images already: what they took is in neither part.</summary>
    /// <exception cref="ArgumentException">The two are of different sets.</exception>
    /// <exception cref="ForgetSetException">Nothing is left to forget, or nothing would be left to retain.</exception>
    public ForgetSplit After(ForgetSplit earlier)
    {
        if (SetHash != earlier.SetHash || Earlier is not null) throw new ArgumentException($"{Spec} cannot follow {earlier.Spec}: it belongs to another set or follows another request.", nameof(earlier));
        int[] forget = [.. _forget.Except(earlier.AllForgotten)];
        if (forget.Length == 0) throw new ForgetSetException($"{Spec} asks for nothing that earlier requests have not taken. Leave it out.");
        var split = new ForgetSplit(Spec, Seed, SetName, SetHash, Count, forget, Whole, earlier);
        return split.Retain.Length > 0 ? split : throw new ForgetSetException($"After {Spec} and the requests before it nothing of {SetName} would be retained. Ask for less.");
    }

    /// <summary>Demands that this split was made for this training set.</summary>
    /// <exception cref="ForgetSetException">The set's content is another.</exception>
    public void CheckBelongsTo(ImageSet train)
    {
        if (train.ContentHash != SetHash)
        {
            throw new ForgetSetException($"The split {Spec} was made for {SetName} ({Short(SetHash)}), not for {train.Name} ({Short(train.ContentHash)}). Give the data it was made for, or make a new split.");
        }
    }

    // A hash from a file may be anything.
    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;

    /// <summary>Writes forget.txt, retain.txt and split.json into a folder, which is made where it is missing; an earlier request goes into its folder "earlier".</summary>
    public void Save(string folder) => ForgetSplitFiles.Save(this, folder);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="DataFileException">A file is missing or damaged, or the three contradict each other.</exception>
    public static ForgetSplit Load(string folder) => ForgetSplitFiles.Load(folder);
}
