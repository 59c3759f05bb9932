using System.Text.Json;
using Lacuna.Runs;

namespace Lacuna.Tests.Runs;

public sealed class RunDirectoryTests
{
    private enum Shade { DarkGrey }

    [Fact]
    public void AFolderIsMadeWithItsParentsAndAnEmptyOneIsTaken()
    {
        using var folder = new TemporaryFolder();
        var path = RunDirectory.Create(folder.File("a/b")).Path;
        Assert.Equal(path, RunDirectory.Create(path).Path);
    }

    [Fact]
    public void WhatIsThereAlreadyIsNeverTouched()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("file", "mine");
        Assert.Contains("not empty", Assert.Throws<IOException>(() => RunDirectory.Create(folder.Path)).Message);
        Assert.Contains("is a file", Assert.Throws<IOException>(() => RunDirectory.Create(file)).Message);
        Assert.Contains("cannot be made", Assert.Throws<IOException>(() => RunDirectory.Create(Path.Combine(file, "below"))).Message);
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact]
    public void RecordsAreSnakeCaseJsonWithChoicesByNameAndNaNAsText()
    {
        using var folder = new TemporaryFolder();
        var directory = RunDirectory.Create(folder.File("run"));
        directory.Write("record.json", new { LearningRate = 0.1, Shade = Shade.DarkGrey, Missing = (double?)null, Odd = double.NaN });
        var record = JsonDocument.Parse(File.ReadAllText(directory.FileAt("record.json"))).RootElement;
        Assert.Equal(
            [("learning_rate", "0.1"), ("shade", "dark-grey"), ("missing", ""), ("odd", "NaN")],
            record.EnumerateObject().Select(p => (p.Name, p.Value.ToString())));
    }

    [Fact]
    public void ARecordThatCannotBeWrittenLeavesTheOldOne()
    {
        using var folder = new TemporaryFolder();
        var directory = RunDirectory.Create(folder.File("run"));
        directory.Write("record.json", 1);
        Assert.ThrowsAny<Exception>(() => directory.Write("record.json", new Broken()));
        Assert.Equal("1", File.ReadAllText(directory.FileAt("record.json")));
        Assert.Single(Directory.GetFiles(directory.Path));
    }

    private sealed class Broken
    {
        public string First { get; } = new('x', 100_000);

        public int Second => throw new InvalidOperationException("on purpose");
    }
}
