using Lacuna.Numerics;

namespace Lacuna.Data;

/// <summary>Forget the training images whose files a text file lists: one name a line, empty lines and lines that begin with # are passed over.</summary>
public sealed record ForgetFiles(string ListPath) : ForgetSetSpec
{
    /// <inheritdoc/>
    public override string ToString() => $"files:{ListPath}";

    private protected override int[] Indices(ImageSet train, ImageSet? test, DrawSource draws)
    {
        var names = new FileNames(train);
        var testNames = test?.Details.Files is null ? null : new FileNames(test);
        var found = new SortedDictionary<int, int>();
        var unmatched = new List<string>();
        var number = 0;
        foreach (var line in Lines())
        {
            number++;
            var name = line.Trim();
            if (name.Length == 0 || name[0] == '#') continue;
            switch (names.Find(name))
            {
                case []:
                    unmatched.Add($"line {number}: {name} ({(testNames?.Find(name).Length > 0 ? "a test image" : "no image of this name")})");
                    break;
                case [var image] when found.TryGetValue(image, out var first):
                    throw new DataFileException(ListPath, $"line {number}: {name} is the image of line {first} again. Remove one of the two.");
                case [var image]:
                    found.Add(image, number);
                    break;
                case var several:
                    unmatched.Add($"line {number}: {name} (fits {several.Length} images, for example {train.Details.Files![several[0]]} and {train.Details.Files[several[1]]})");
                    break;
            }
        }
        return unmatched.Count == 0
            ? [.. found.Keys]
            : throw new DataFileException(ListPath, $"{unmatched.Count} of its names fit no single training image of {train.Name}. Correct them or take them out:\n  {string.Join("\n  ", unmatched)}");
    }

    private string[] Lines()
    {
        try
        {
            return File.ReadAllLines(ListPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException(ListPath, $"cannot be read ({e.Message}). Give the path of a text file with one image's file name a line.", e);
        }
    }
}
