using System.Globalization;
using CsvHelper;
using Lacuna.Data;
using Lacuna.Evaluation.Sensitivity;

namespace Lacuna.Studies.Sensitivity;

/// <summary>The values per sample as a table: one line a model and image. Numbers with all their digits, a point before the decimals.</summary>
internal static class SensitivityCsv
{
    private static readonly string[] Columns =
        ["model", "set", "row", "file", "label", "class", "predicted", "predicted_class", "target_norm", "irrelevant_norm", "irrelevant_logits", "difference"];

    public static void Write(string path, SensitivityFindings findings, ImageSet set) => AtomicFile.Write(path, stream =>
    {
        using var text = new StreamWriter(stream, leaveOpen: true);
        using var csv = new CsvWriter(text, CultureInfo.InvariantCulture);
        foreach (var column in Columns) csv.WriteField(column);
        csv.NextRecord();
        foreach (var subject in findings.Subjects)
        {
            Add(csv, subject.Name, "forget", subject.Forget, set);
            Add(csv, subject.Name, "retain", subject.Retain, set);
        }
    });

    private static void Add(CsvWriter csv, string model, string part, SensitivityValues values, ImageSet set)
    {
        for (var i = 0; i < values.Count; i++)
        {
            csv.WriteField(model);
            csv.WriteField(part);
            csv.WriteField(values.Rows[i]);
            csv.WriteField(set.Details.Files?[values.Rows[i]] ?? "");
            csv.WriteField(values.Labels[i]);
            csv.WriteField(set.ClassNames[values.Labels[i]]);
            csv.WriteField(values.Predicted[i]);
            // A network may have more outputs than the set has classes.
            csv.WriteField(values.Predicted[i] < set.ClassCount ? set.ClassNames[values.Predicted[i]] : "");
            csv.WriteField(values.Target[i]);
            csv.WriteField(values.Irrelevant[i]);
            csv.WriteField(values.IrrelevantLogits);
            csv.WriteField(values.Difference(i));
            csv.NextRecord();
        }
    }
}
