namespace Lacuna.Evaluation;

public static partial class MetricDefinitions
{
    private static IReadOnlyList<MetricDefinition> Table { get; } =
    [
        new("UA", "unlearning accuracy",
            "100 % - accuracy on the forget images (training images that are to be forgotten). With a forget vector it is added to every image.",
            "As close as possible to the retrained model's; 100 % for a forgotten class, less for a sub-class whose class remains, near 100 % - TA for random images.",
            "Jia et al. 2023 (arXiv 2304.04934); Sun et al. 2024 (arXiv 2412.16780)"),
        new("RA", "retain accuracy",
            "Accuracy on the retain images (all other training images), not augmented.",
            "As close as possible to the retrained model's; lower means that more was forgotten than was asked.",
            "as UA"),
        new("TA", "test accuracy",
            "Accuracy on test images: without those of the forgotten classes or sub-classes when such are forgotten whole, all of them otherwise.",
            "As close as possible to the retrained model's.",
            "as UA"),
        new("MIA", "membership-inference efficacy",
            "An RBF support vector machine (C 3, gamma 1) learns to tell members (n retain images) from non-members (n test images, "
            + "those that TA is taken over; n is the smaller of both counts) by the softmax probability of the true label. "
            + "MIA is the share of the forget images that it takes for non-members.",
            "As close as possible to the retrained model's: more is not better once it is above (the model then gives away that something was forgotten).",
            "Song and Mittal 2021; the code of Sun et al. 2024 (scikit-learn SVC on confidence)")
        {
            Members = "n retain images, drawn by the seed.",
            NonMembers = "n test images: without the forgotten classes when such are forgotten whole.",
            OracleValue = "Near 100 % for a forgotten class, whose images an oracle never names; near the share of test images taken for non-members for random images.",
            Defects = "For a forgotten class it repeats UA: what is misclassified has no confidence in its label. See AUC for a comparison with unseen images of the same class.",
        },
        new("Gap", "average gap",
            "Mean over UA, RA, TA and MIA of the absolute distance to the retrained model's figure, in points.",
            "0 is the oracle. Printed only where the oracle of the same data, split and recipe was measured.",
            "Fan et al. 2024 (arXiv 2310.12508)"),
        new("Time", "run time",
            "Wall-clock seconds of the method itself on this machine, without loading, evaluation and writing.",
            "Lower is better; compare with retraining in the same run only.",
            "RTE in the papers"),
    ];
}
