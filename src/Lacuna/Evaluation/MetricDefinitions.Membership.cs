namespace Lacuna.Evaluation;

public static partial class MetricDefinitions
{
    private const string Learned = "n retain images, drawn by the seed; n is the smaller of both counts.";
    private const string Unlearned = "n test images: without the forgotten classes when such are forgotten whole.";
    private const string ShareUnseen = "Efficacy: share of the forget images taken for non-members, as close as possible to the retrained model's. AUC: one half.";

    private static IReadOnlyList<MetricDefinition> Membership { get; } =
    [
        Svc("confidence", "attack on confidence", "p_y = exp(z_y) / sum_k exp(z_k), the softmax probability of the true label. Its efficacy is MIA",
            "Song and Mittal 2021 (arXiv 2003.10595), eq. 5; the code of Sun et al. 2024", "For a forgotten class the efficacy repeats UA."),
        Svc("entropy", "attack on entropy", "H = -sum_k p_k log p_k in nats, without the label",
            "Song and Mittal 2021, eq. 6; the code of Sun et al. 2024", "A sure but wrong prediction looks like a member."),
        Svc("modified-entropy", "attack on modified entropy", "M = -(1 - p_y) log p_y - sum over k≠y of p_k log(1 - p_k) in nats: 0 for a sure and right prediction, large for a sure and wrong one",
            "Song and Mittal 2021, eq. 8", "None known; the copies of it in unlearning code are faulty, see m_entropy_salun."),
        Svc("m_entropy_salun", "attack on what SalUn's code calls modified entropy",
            "with S the set of labels that occur among the images given together, -sum over k in S of (1 - p_k) log p_k - sum over k not in S of p_k log p_k, log 0 being log 1e-30",
            "evaluation/SVC_MIA.py of SalUn and Unlearn-Sparse, MIA.py of the forget vector",
            "Two mistakes: log p_k stands where log(1 - p_k) is meant, and the index [:, labels] changes the columns of all labels in every row. It ignores an image's own label, "
            + "depends on which images are given together, and where all classes occur it grows with certainty instead of falling. Only for comparison with numbers made by it. Its AUC is that of the machine's decision value."),
        Svc("correctness", "attack on correctness", "1 where the label is predicted, else 0", "Yeom et al. 2018; the code of Sun et al. 2024",
            "Two values only: it says no more than UA against the accuracy on unseen images."),
        Svc("probability", "attack on the probability vector", "the whole softmax p_1 ... p_K: K features, so that gamma 'auto' is 1 / K", "the code of Sun et al. 2024 (criterion 'prob')",
            "It does not see the label, and for a forgotten class it meets a class that it never learned from. AUC and TPR are those of the machine's decision value."),
        new("logistic-entropy", "logistic regression on entropy",
            "A logistic regression (L2 penalty w^2 / 2 on the weight, none on the intercept, C 1, both classes weighing the same) learns to tell members from non-members by the entropy of the softmax. "
            + "The efficacy is the share of the forget images that it takes for MEMBERS. AUC and TPR are those of its linear score.",
            "LOWER is forgotten, the other way round than MIA; as close as possible to the retrained model's. AUC: one half.",
            "Chundawat et al. 2023 (Bad Teacher, arXiv 2205.08096); Foster et al. 2024 (SSD, arXiv 2308.07707); MU-Mis")
        {
            Members = "All retain images.",
            NonMembers = Unlearned.Replace("n test", "All test", StringComparison.Ordinal),
            OracleValue = "Near 0 % for a forgotten class, on which an oracle is unsure; near the share of test images taken for members for random images.",
            Defects = "Entropy ignores the label: a model that is sure of a wrong class is said to remember.",
        },
        new("AUC", "area under the ROC curve of a membership attack",
            "Probability that the attack's score is higher for a forget image than for an unseen image of the same kind, ties counting half (Mann and Whitney's statistic). "
            + "Standard error by DeLong; the verdict compares with one half ± 1.96 standard errors that an attack without knowledge would have (Hanley and McNeil at one half, corrected for ties).",
            "One half, from both sides: above the interval the forget images are still recognisable, below it they look less like members than unseen images do, which is over-unlearning and gives them away too.",
            "Hanley and McNeil 1982; DeLong et al. 1988")
        {
            Members = "The forget images.",
            NonMembers = "Test images of the forgotten classes or sub-classes when such are forgotten whole, else of the classes that occur among the forget images.",
            OracleValue = "One half within its standard error, where training and test images are of one distribution.",
            Defects = "Says nothing of single images; see U-LiRA.",
        },
        new("U-LiRA", "likelihood-ratio attack on unlearning",
            "N shadow pairs: an original trained with the forget images and then unlearned by the method, and a network trained without them, each from a seed of its own. For every forget image the confidence "
            + "phi = log(p_y / (1 - p_y)) is taken for Gaussian under 'unlearned' and under 'never seen'; mean and variance come from all pairs but the one that is judged, the variance shared by all images while there are fewer than 64 pairs. "
            + "The score is the log of the ratio of both densities. AUC and TPR at 1 % FPR are taken within a pair, over its forget images, and averaged over pairs; the interval is Student's over pairs.",
            "AUC one half, within its interval: the unlearned network cannot be told from one that never saw the images. Above it they can be told apart, by too much or by too little confidence, which the verdict names.",
            "Hayes et al. 2024 (arXiv 2403.01218), U-LiRA; Carlini et al. 2022 (LiRA, arXiv 2112.03570); Kurmanji et al. 2023 (arXiv 2302.09880)")
        {
            Members = "Confidences of the forget images by the unlearned networks.",
            NonMembers = "Confidences of the same images by networks that never saw them.",
            OracleValue = "One half by construction: another network that never saw the images is of the same distribution.",
            Defects = "Few pairs make wide intervals; below one half means that the Gaussians do not fit. It costs N trainings, N retrainings and N runs of each method.",
        },
        new("TPR@1%FPR", "true positive rate at 1 % false positive rate",
            "Largest share of the forget images that a threshold on the attack's score finds while at most 1 % of the unseen images pass it; not interpolated.",
            "1 %: what chance finds. More means that some images are recognised with certainty, even where the AUC is one half.",
            "Carlini et al. 2022 (arXiv 2112.03570)")
        {
            Members = "As AUC.",
            NonMembers = "As AUC.",
            OracleValue = "Near 1 %.",
            Defects = "With fewer than 100 unseen images it asks for no false positive at all.",
        },
    ];

    private static MetricDefinition Svc(string symbol, string name, string scalar, string source, string defects) => new(
        symbol, name,
        $"The scalar is {scalar}. An RBF support vector machine (scikit-learn's SVC with C 3 and gamma 'auto') learns to tell members from non-members by it; the efficacy is the share of the forget images that it takes for non-members. "
        + "AUC and TPR sweep a threshold over the scalar.",
        ShareUnseen, source)
    {
        Members = Learned,
        NonMembers = Unlearned,
        OracleValue = "Its efficacy on images that the oracle never saw, which is not 100 % in general: compare with the row retrain. AUC one half.",
        Defects = defects,
    };
}
