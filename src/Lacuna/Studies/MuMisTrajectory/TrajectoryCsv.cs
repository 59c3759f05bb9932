using System.Globalization;
using CsvHelper;
using Lacuna.Data;

namespace Lacuna.Studies.MuMisTrajectory;

/// <summary>The trajectory as a table: one line a measurement.</summary>
internal static class TrajectoryCsv
{
    public static void Write(string path, IReadOnlyList<TrajectoryPoint> points) => AtomicFile.Write(path, stream =>
    {
        using var text = new StreamWriter(stream, leaveOpen: true);
        using var csv = new CsvWriter(text, CultureInfo.InvariantCulture);
        foreach (var column in (string[])["step", "forget_accuracy", "retain_accuracy", "test_accuracy", "forgotten_test_accuracy", "target_norm", "irrelevant_norm"]) csv.WriteField(column);
        csv.NextRecord();
        foreach (var point in points)
        {
            csv.WriteField(point.Step);
            foreach (var value in (double[])[point.Forget, point.Retain, point.Test, point.ForgottenTest, point.Target, point.Irrelevant]) csv.WriteField(value);
            csv.NextRecord();
        }
    });
}
