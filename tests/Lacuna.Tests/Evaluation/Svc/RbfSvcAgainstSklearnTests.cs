using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Lacuna.Evaluation;

namespace Lacuna.Tests.Evaluation;

public sealed class RbfSvcAgainstSklearnTests
{
    /// <summary>
    /// Not only the predictions: equal steps and an equal intercept to the last bit show that the solver walked libsvm's
    /// path, so that equal predictions are no luck.
    /// </summary>
    [Fact]
    public void A_thousand_problems_end_where_scikit_learn_ends()
    {
        List<SvcProblems.Golden> problems = SvcProblems.ReadGolden();
        Assert.Equal(1000, problems.Count);
        List<string> differing = [];
        foreach (SvcProblems.Golden golden in problems)
        {
            RbfSvc svc = Fit(golden);
            bool[] predictions = svc.Predict(golden.TargetFeatures);
            if (!predictions.SequenceEqual(golden.Predictions) || svc.Iterations != golden.Iterations
                || svc.SupportVectors != golden.SupportVectors || svc.Intercept != golden.Intercept)
            {
                differing.Add($"{golden.Problem} ({golden.Kind}): {svc.Iterations} steps, intercept {svc.Intercept:R}, expected {golden}");
            }
        }

        Assert.Empty(differing);
    }

    [Fact]
    public void One_by_one_and_batched_predictions_agree()
    {
        foreach (SvcProblems.Golden golden in SvcProblems.ReadGolden().Take(200))
        {
            RbfSvc svc = Fit(golden);
            foreach (double target in golden.TargetFeatures)
            {
                Assert.Equal(svc.Predict(target), svc.Predict([target])[0]);
                Assert.Equal(svc.Predict(target), svc.Decision(target) >= 0);
            }
        }
    }

    [Fact]
    public void The_reference_attack_predicts_what_scikit_learn_predicts()
    {
        string path = SharedData.Require("reference/resnet20-cifar10.safetensors");
        byte[] file = File.ReadAllBytes(path);
        double[] members = Doubles(file, "mia_members"), nonMembers = Doubles(file, "mia_nonmembers");
        double[] targets = Doubles(file, "mia_targets");
        MembershipInferenceResult result = MembershipInference.Attack(
            members, nonMembers, targets, (_, _) => throw new InvalidOperationException("classes are of equal size"));
        Assert.Equal(Tensor(file, "mia_pred_member").ToArray().Select(value => value != 0), result.PredictedMember);
        Assert.Equal(BinaryPrimitives.ReadSingleLittleEndian(Tensor(file, "mia_efficacy")), (float)result.Efficacy);
    }

    private static RbfSvc Fit(SvcProblems.Golden golden) => RbfSvc.Fit(
        golden.PositiveFeatures, golden.NegativeFeatures,
        new RbfSvcOptions { C = golden.C, Gamma = golden.Gamma, Tolerance = golden.Tolerance });

    private static double[] Doubles(byte[] file, string name) => MemoryMarshal.Cast<byte, double>(Tensor(file, name)).ToArray();

    /// <summary>A tensor's bytes: safetensors is a length, a JSON header of that length, and the data.</summary>
    private static ReadOnlySpan<byte> Tensor(byte[] file, string name)
    {
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        using JsonDocument json = JsonDocument.Parse(file.AsMemory(8, header));
        JsonElement range = json.RootElement.GetProperty(name).GetProperty("data_offsets");
        return file.AsSpan()[(8 + header + range[0].GetInt32())..(8 + header + range[1].GetInt32())];
    }
}
