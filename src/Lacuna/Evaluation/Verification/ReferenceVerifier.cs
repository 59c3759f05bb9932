using Lacuna.Kernels;
using System.Globalization;
using System.Text.RegularExpressions;
using Lacuna.Methods;
using Lacuna.Gpu;
using Lacuna.Methods.Attacks;
using Lacuna.Methods.ForgetVector;
using Lacuna.Models;
using static TorchSharp.torch;

namespace Lacuna.Evaluation.Verification;

/// <summary>
/// Recomputes every quantity of a reference file made with PyTorch and says how close each came. Numbers in names
/// (learning rates, radii, steps, alpha, the share of a threshold) are read from the names, so that any reference of the
/// same form can be verified.
/// </summary>
public static class ReferenceVerifier
{
    private delegate IReadOnlyList<Tensor>? Recompute(Recomputation of, Match name, ReferenceSet reference);

    private static readonly HashSet<string> Inputs = ["x", "y", "c_irrelevant", "fv_delta", "fv_forget_mask", "l2pgd_init_delta", "mia_members", "mia_nonmembers", "mia_targets"];

    private static readonly (Regex Name, Limit Limit, Recompute Recompute)[] Known =
    [
        (Exactly("logits"), Limit.Forward, (of, _, _) => [of.Logits()]),
        (Exactly("ce"), Limit.Forward, (of, _, _) => [Losses.CrossEntropy(of.Logits(), of.Labels)]),
        (Exactly("conf"), Limit.Forward, (of, _, _) => [of.ScoreMembership().Confidence]),
        (Exactly("entropy"), Limit.Forward, (of, _, _) => [of.ScoreMembership().Entropy]),
        (Exactly("m_entropy"), Limit.Forward, (of, _, _) => [of.ScoreMembership().ModifiedEntropy]),
        (Exactly("gradcam_layer[0-9]+"), Limit.Forward, (of, _, _) => of.GradCamMap() is { } map ? [map] : null),
        (Exactly("ce_input_grad"), Limit.Gradient, (of, _, _) => [of.CrossEntropyInputGradient()]),
        (Exactly("target_logit_input_grad"), Limit.Gradient, (of, _, _) => [of.LogitInputGradient(of.Labels)]),
        (Exactly("sens_target_sq"), Limit.Gradient, (of, _, _) => [of.Sensitivity(of.Labels)]),
        (Exactly("sens_irrelevant_sq"), Limit.Gradient, (of, _, _) => [of.Sensitivity(of.Irrelevant)]),
        (Exactly("jacobian_rows_sq"), Limit.Gradient, (of, _, _) => [of.JacobianRows()]),
        (Exactly("mumis_loss"), Limit.Gradient, (of, _, _) => [of.MuMis().Loss]),
        (Exactly("mumis_grad"), Limit.Gradient, (of, _, _) => of.MuMis().Gradients),
        (Exactly($"mumis_sgd_lr{Number}_losses"), Limit.Gradient, (of, name, reference) => [of.MuMisTrajectory(Value(name, 1), reference[name.Value].size(0))]),
        (Exactly("mas_per_sample"), Limit.Gradient, (of, _, _) => of.Importance(ImportanceKind.MasPerSample)),
        (Exactly("mas_batch"), Limit.Gradient, (of, _, _) => of.Importance(ImportanceKind.MasBatch)),
        (Exactly("fisher_per_sample"), Limit.Gradient, (of, _, _) => of.Importance(ImportanceKind.FisherPerSample)),
        (Exactly("fisher_batch"), Limit.Gradient, (of, _, _) => of.Importance(ImportanceKind.FisherBatch)),
        (Exactly("fv_forget_loss"), Limit.Forward, (of, _, _) => [of.ForgetVectorTerms().Forget]),
        (Exactly("fv_retain_loss"), Limit.Forward, (of, _, _) => [of.ForgetVectorTerms().Retain]),
        (Exactly("fv_total_reference_norm"), Limit.Forward, (of, _, _) => [of.ForgetVector(ForgetVectorPenalty.Reference).Loss]),
        (Exactly("fv_total_squared_norm"), Limit.Forward, (of, _, _) => [of.ForgetVector(ForgetVectorPenalty.Squared).Loss]),
        (Exactly("fv_grad_reference_norm"), Limit.Gradient, (of, _, _) => [of.ForgetVector(ForgetVectorPenalty.Reference).Gradient]),
        (Exactly("fv_grad_squared_norm"), Limit.Gradient, (of, _, _) => [of.ForgetVector(ForgetVectorPenalty.Squared).Gradient]),
        (Exactly($"l2pgd_eps{Number}_alpha{Number}_steps{Number}"), Limit.Attack, (of, name, _) => [of.L2Attack(L2Of(name))]),
        (Exactly($"linfpgd_eps{Number}_step{Number}_steps{Number}_from_x"), Limit.Attack, (of, name, _) => [of.LinfAttack(LinfOf(name))]),
        (Exactly("l2ul_hold"), Limit.Gradient, (of, _, _) => of.ForgetHold(ImportanceKind.MasPerSample)),
        (Exactly($"l2ul_sgd_lr{Number}_losses"), Limit.Gradient, (of, name, reference) => [of.InstanceWise(Value(name, 1), reference[name.Value].size(0)).Losses]),
        (Exactly("l2ul_final"), Limit.Gradient, (of, _, reference) => InstanceWiseOf(of, reference).Parameters),
        (Exactly("l2ul_final_logits"), Limit.Gradient, (of, _, reference) => [InstanceWiseOf(of, reference).Logits]),
        (Exactly($"ssd_per_sample_alpha{Number}"), Limit.Gradient, (of, name, _) => of.Dampened(Value(name, 1))),
        (Exactly("salun_abs_grad_flat"), Limit.Gradient, (of, _, _) => [of.SaliencyFlat()]),
        (Exactly($"salun_top{Number}_threshold"), Limit.Gradient, (of, name, _) => [of.SaliencyThreshold(Value(name, 1) / 100)]),
        (Exactly("mia_pred_member"), Limit.Exact, (of, _, _) => [of.Membership().Predicted]),
        (Exactly("mia_efficacy"), Limit.Exact, (of, _, _) => [of.Membership().Efficacy]),
    ];

    private const string Number = "([0-9]+(?:\\.[0-9]+)?(?:e-?[0-9]+)?)";

    /// <summary>
    /// One finding a quantity, in the order of the engine's own list; quantities it does not know follow and do not hold.
    /// </summary>
    /// <param name="model">The network the reference was computed with.</param>
    /// <param name="path">The reference (safetensors).</param>
    /// <param name="compute">Where to compute and with what.</param>
    /// <param name="cancellation">Checked before every quantity.</param>
    public static IEnumerable<Finding> Verify(Classifier model, string path, Compute compute, CancellationToken cancellation)
    {
        var parameters = model.TrainableParameters().Select(p => p.Name).ToArray();
        using var reference = new ReferenceSet(path, parameters, compute.Device);
        using var recomputed = new Recomputation(reference, model, compute.Kernels);
        var open = reference.Quantities.Keys.Where(q => !Inputs.Contains(q)).ToHashSet();
        foreach (var (pattern, limit, recompute) in Known)
        {
            foreach (var quantity in open.Where(q => pattern.IsMatch(q)).Order(StringComparer.Ordinal).ToList())
            {
                cancellation.ThrowIfCancellationRequested();
                open.Remove(quantity);
                yield return Check(quantity, limit, pattern.Match(quantity), recompute, recomputed, reference, parameters);
            }
        }
        foreach (var quantity in open.Order(StringComparer.Ordinal))
            yield return Comparison.Missed(quantity, Limit.Exact, "not a quantity this version recomputes");
    }

    private static Finding Check(string quantity, Limit limit, Match name, Recompute recompute, Recomputation recomputed, ReferenceSet reference, string[] parameters)
    {
        using var scope = NewDisposeScope();
        var members = reference.Quantities[quantity];
        var actual = recompute(recomputed, name, reference);
        if (actual is null) return Comparison.Missed(quantity, limit, "a TorchScript module does not show its stages");
        if (members.Count != actual.Count)
            return Comparison.Missed(quantity, limit, $"the reference has {members.Count} of {actual.Count} parameters");
        var expected = members.Select(m => reference[m]).ToList();
        var names = members.Select(m => m.Length > quantity.Length ? m[(quantity.Length + 1)..] : m).ToList();
        if (limit == Limit.Attack && OutsideBall(name, actual[0], reference["x"]) is { } why) return Comparison.Missed(quantity, limit, why);
        return Comparison.Of(quantity, limit, names, expected, actual);
    }

    /// <summary>Why an attack's images are not where they must be, or null. Rounding of one float32 operation a pixel is allowed for.</summary>
    private static string? OutsideBall(Match name, Tensor adversarial, Tensor images)
    {
        const double rounding = 1e-5;
        var l2 = name.Value.StartsWith("l2", StringComparison.Ordinal);
        var radius = l2 ? L2Of(name).Epsilon : LinfOf(name).Epsilon;
        var offset = (adversarial - images).flatten(1);
        var reached = (l2 ? offset.square().sum(1).sqrt() : offset.abs().amax(1)).max().ToDouble();
        if (reached > radius * (1 + rounding)) return FormattableString.Invariant($"a row left its ball: {reached:0.######} > {radius:0.######}");
        if (adversarial.min().ToDouble() < 0 || adversarial.max().ToDouble() > 1) return "a pixel left [0,1]";
        return null;
    }

    private static (Tensor Losses, IReadOnlyList<Tensor> Parameters, Tensor Logits) InstanceWiseOf(Recomputation of, ReferenceSet reference)
    {
        var losses = Exactly($"l2ul_sgd_lr{Number}_losses");
        var name = reference.Quantities.Keys.Select(q => losses.Match(q)).FirstOrDefault(m => m.Success)
            ?? throw new Models.Checkpoints.CheckpointException(reference.Path, "has l2ul_final but no l2ul_sgd_lr…_losses, which says how it was reached.");
        return of.InstanceWise(Value(name, 1), reference[name.Value].size(0));
    }

    private static L2Pgd L2Of(Match name) => new(Value(name, 1), Value(name, 2), (int)Value(name, 3));

    // Radius and step stand in the name in units of 1/255.
    private static LinfPgd LinfOf(Match name) => new(Value(name, 1) / 255, Value(name, 2) / 255, (int)Value(name, 3));

    private static double Value(Match name, int group) => double.Parse(name.Groups[group].Value, CultureInfo.InvariantCulture);

    private static Regex Exactly(string pattern) => new($"^{pattern}$", RegexOptions.CultureInvariant);
}
