using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lacuna.Data;

/// <summary>The three files of a <see cref="ForgetSplit"/>: two lists that any tool can read, and where they come from.</summary>
internal static class ForgetSplitFiles
{
    private const string ForgetFile = "forget.txt";
    private const string RetainFile = "retain.txt";
    private const string RecordFile = "split.json";
    private const string EarlierFolder = "earlier";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    // split.json comes last, so a folder that has it has all three.
    public static void Save(ForgetSplit split, string folder)
    {
        Directory.CreateDirectory(folder);
        if (split.Earlier is { } earlier) Save(earlier, Path.Combine(folder, EarlierFolder));
        IndexFile.Write(Path.Combine(folder, ForgetFile), split.Forget);
        IndexFile.Write(Path.Combine(folder, RetainFile), split.Retain);
        var record = new Record(
            split.Spec, split.Seed, split.SetName, split.SetHash, split.Count, split.Forget.Length, split.Retain.Length, Classes: split.Whole.Classes, SubClasses: split.Whole.SubClasses);
        AtomicFile.WriteAllText(Path.Combine(folder, RecordFile), JsonSerializer.Serialize(record, Json) + "\n");
    }

    public static ForgetSplit Load(string folder)
    {
        string recordPath = Path.Combine(folder, RecordFile);
        Record record = ReadRecord(recordPath);
        string forgetPath = Path.Combine(folder, ForgetFile);
        string retainPath = Path.Combine(folder, RetainFile);
        int[] forget = IndexFile.Read(forgetPath, record.Images);
        int[] retain = IndexFile.Read(retainPath, record.Images);
        CheckCount(forgetPath, forget.Length, record.Forget);
        CheckCount(retainPath, retain.Length, record.Retain);
        var split = new ForgetSplit(record.Spec, record.Seed, record.Set, record.SetSha256, record.Images, forget, record.Whole());
        var earlier = Path.Combine(folder, EarlierFolder);
        if (Directory.Exists(earlier)) split = split.After(Load(earlier));
        return split.Retain.SequenceEqual(retain)
            ? split
            : throw new DataFileException(retainPath, $"is not the rest of the {record.Images} images that {ForgetFile} leaves. Make the split again.");
    }

    private static Record ReadRecord(string path)
    {
        try
        {
            Record? record = JsonSerializer.Deserialize<Record>(File.ReadAllBytes(path), Json);
            return record is { Images: > 0 }
                ? record
                : throw new DataFileException(path, "does not say of how many images the set consists. Make the split again.");
        }
        catch (JsonException e)
        {
            throw new DataFileException(path, $"is not the record of a split ({e.Message}). Make the split again.", e);
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not DataFileException)
        {
            throw new DataFileException(path, $"cannot be read ({e.Message}). Give a folder that holds {RecordFile}, {ForgetFile} and {RetainFile}.", e);
        }
    }

    private static void CheckCount(string path, int found, int expected)
    {
        if (found != expected)
        {
            throw new DataFileException(path, $"has {found} indices where {RecordFile} says {expected}. Make the split again.");
        }
    }

    private sealed record Record(
        string Spec, ulong Seed, string Set, string SetSha256, int Images, int Forget, int Retain,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Class = null, IReadOnlyList<int>? Classes = null, IReadOnlyList<int>? SubClasses = null)
    {
        // Until 0.1 a split had one class at most, under the name "class".
        public ForgottenClasses Whole() => new(Classes ?? (Class is { } one ? [one] : []), SubClasses ?? []);
    }
}
