using System.Globalization;
using CsvHelper;
using Lacuna.Data;
using Lacuna.Runs;

namespace Lacuna.Studies.Saliency;

/// <summary>The values per image and model.</summary>
internal static class SaliencyCsv
{
    private const string FileName = "grad-cam.csv";

    /// <summary>Writes the table into the study's folder; an empty cell is a correlation that there is not.</summary>
    public static void Write(StudyContext context, IReadOnlyList<(SaliencySample Sample, SaliencyMaps[] Maps)> groups) =>
        AtomicFile.Write(Path.Combine(context.Folder, FileName), file =>
        {
            using var writer = new StreamWriter(file, leaveOpen: true);
            using var csv = new CsvWriter(writer, CultureInfo.InvariantCulture);
            foreach (var head in (string[])["set", "row", "label", "model", "predicted", "explained", "map_sum", "correlation_with_retrain", "correlation_with_original"]) csv.WriteField(head);
            csv.NextRecord();
            foreach (var (sample, maps) in groups)
            {
                var oracle = maps.FirstOrDefault(m => m.Subject == ResultTable.Oracle);
                var original = maps.FirstOrDefault(m => m.Subject == Subject.Original);
                foreach (var of in maps)
                {
                    for (var i = 0; i < sample.Rows.Length; i++)
                    {
                        csv.WriteField(sample.Name);
                        csv.WriteField(sample.Rows[i]);
                        csv.WriteField(context.Train.Labels.Span[sample.Rows[i]]);
                        csv.WriteField(of.Subject);
                        csv.WriteField(of.Predicted[i]);
                        csv.WriteField(of.Explained[i]);
                        csv.WriteField(of.Maps[i].Sum(value => (double)value).ToString("R", CultureInfo.InvariantCulture));
                        csv.WriteField(Correlation(of, oracle, i));
                        csv.WriteField(Correlation(of, original, i));
                        csv.NextRecord();
                    }
                }
            }
        });

    private static string Correlation(SaliencyMaps maps, SaliencyMaps? reference, int i)
    {
        var value = reference is null ? double.NaN : MapAgreement.Correlation(maps.Maps[i], reference.Maps[i]);
        return double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
    }
}
