using System.Text.Json;

namespace Lacuna.Tests.Evaluation;

/// <summary>The answers of make_membership_golden.py.</summary>
internal sealed record MembershipGolden(
    IReadOnlyList<MembershipGolden.CurveCase> Curves, IReadOnlyList<MembershipGolden.RegressionCase> Regressions, IReadOnlyList<MembershipGolden.SalunCase> Salun)
{
    private static readonly JsonSerializerOptions options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static MembershipGolden Read()
    {
        using var stream = typeof(MembershipGolden).Assembly.GetManifestResourceStream("Membership.membership-golden.json")!;
        return JsonSerializer.Deserialize<MembershipGolden>(stream, options)!;
    }

    public sealed record CurveCase(double[] Positives, double[] Negatives, double[] Fpr, double[] Tpr, double Auc, double? Error, double TprAtOnePercent);

    public sealed record RegressionCase(double[] Members, double[] Others, double Weight, double Intercept, double[] Targets, int[] Predictions);

    public sealed record SalunCase(float[][] Logits, int[] Labels, double[] Values);
}
