namespace Lacuna.Tests;

/// <summary>
/// Tests that build networks. The tensor library has one random generator a process, seeded before a network's weights are
/// drawn; these tests run one after another and beside no others, so that none draws from another's seed.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TensorLibrary
{
    public const string Name = "tensor library";
}
