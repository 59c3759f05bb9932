namespace Lacuna.Evaluation;

public static partial class MetricDefinitions
{
    private const string OracleOfAccuracy = "As close as possible to the retrained model's.";

    /// <summary>What is measured of outputs beyond the table, of layers, of relearning and over seeds.</summary>
    private static IReadOnlyList<MetricDefinition> Representation { get; } =
    [
        new("TA-all", "test accuracy with the forgotten class",
            "Accuracy on all test images, whatever is forgotten.",
            OracleOfAccuracy + " For a forgotten class the oracle loses that class's share of the test set.",
            "reported as test accuracy by papers that do not divide the test set"),
        new("TA-forgotten", "test accuracy of the forgotten class",
            "Accuracy on the test images of the classes and sub-classes that are forgotten whole; not given when single images are forgotten.",
            OracleOfAccuracy + " 0 % for a forgotten class; a sub-class whose class remains is still recognised in part.",
            "by counting"),
        new("Class", "accuracy per class",
            "Accuracy on the forget, the retain and all test images of each class; no value where a class has none of them.",
            OracleOfAccuracy + " A retain class that loses much lies near the forgotten one.",
            "by counting"),
        new("Matrix", "prediction matrix",
            "Counts [true class][predicted class] over all test images, and over the forget images.",
            "The forgotten class's row as the oracle has it: spread over similar classes. All of it in one column is a sign of a method's own making.",
            "by counting (a confusion matrix)"),
        .. OverSets("KL", "KL divergence to the oracle's outputs",
            "mean of KL(oracle ‖ model) = sum over k of p_k (ln p_k - ln q_k), in nats, with p the retrained model's and q the model's softmax outputs of the same image; in float64 from the logits",
            "Lower. 0 is the oracle; no upper bound: one sure and wrong answer weighs much.",
            "Golatkar et al. 2020 (arXiv 1911.04933) bound what a readout can tell by it"),
        .. OverSets("JS", "Jensen-Shannon divergence to the oracle's outputs",
            "mean of KL(p ‖ m) / 2 + KL(q ‖ m) / 2 with m = (p + q) / 2, in nats",
            "Lower. 0 is the oracle, ln 2 = 0.693 the most.",
            "Lin 1991 (IEEE Transactions on Information Theory 37)"),
        new("ZRF", "zero retrain forgetting score",
            "1 - mean over the forget images of JS(model, random network) in bits, so that it lies in [0, 1]. The random network is of the same make with weights drawn by the seed, the same for all "
            + "models, and sees the images without a forget vector. The published code is not this formula: its kl_div averages over classes too, in nats, and with the arguments in the order "
            + "that gives KL(m ‖ p), so that its values lie far nearer to 1.",
            OracleOfAccuracy + " Higher is nearer to an untrained network, which an oracle is not: it answers unseen images by what it knows of others.",
            "Chundawat et al. 2023 (arXiv 2205.08096), section 5"),
        new("CKA", "linear centred kernel alignment",
            "HSIC(K, L) / √(HSIC(K, K) HSIC(L, L)) with K = XXᵀ and L = YYᵀ over the features X and Y of one layer of two models, for a sample of the forget or of the retain images; by the unbiased "
            + "estimator of HSIC (the biased one is in the CSV). Maps of convolutions are averaged to at most 4 by 4 places.",
            "Against the original as low as the retrained model's on forget images, and as high as its on retain images; 1 is equal but for rotation and scale, 0 unrelated.",
            "Kornblith et al. 2019 (arXiv 1905.00414), section 3; Song et al. 2012 (JMLR 13); Nguyen et al. 2021 (arXiv 2010.15327)"),
        new("kNN", "nearest-neighbour transfer",
            "Accuracy of a vote of the 5 nearest training images, forget images among them with their true labels, by the cosine of what enters the last layer; over test images of the "
            + "forgotten class and over other test images.",
            OracleOfAccuracy + " The oracle's is not 0: features learned for other classes serve the forgotten one too. Only what lies above is memory.",
            "Wu et al. 2018 (arXiv 1805.01978) use the vote to judge a representation"),
        new("Relearn", "relearn time",
            "Steps of training on the forget images, with as many retain images in each, until the accuracy on them is within 5 points of the original's; one recipe and order for all models, "
            + "and a cap that is said.",
            OracleOfAccuracy + " Fewer steps: something is remembered. 0 for the original.",
            "Golatkar et al. 2020 (arXiv 1911.04933)"),
        new("AIN", "anamnesis index",
            "Relearn time of the model over that of the retrained model; a bound where one of them met the cap.",
            "Near 1, the oracle's value. Below 1 something is remembered; far above 1 the model resists, which gives the forgetting away.",
            "Chundawat et al. 2023 (arXiv 2201.05629)"),
        new("Mean ± s", "mean, deviation and interval over seeds",
            "Arithmetic mean, standard deviation with n - 1, and the interval mean ± t s / √n with Student's t of n - 1 degrees at 97.5 %, which holds the true mean in 95 of 100 experiments; none for one seed.",
            "Two intervals that do not meet are a difference; two that do may still be one: compare seed by seed.",
            "Student 1908"),
        new("Disparity", "average gap over seeds",
            "Two figures. Mean of the gaps: the average gap of every seed's model to the oracle of the same seed, with its deviation and interval. Gap of the means: the average over UA, RA, TA and MIA of "
            + "|mean of the models - mean of the oracles|, the published form. The latter is never the larger, since what seeds miss to both sides cancels in it.",
            "Lower; 0 is the oracle of the same seed. Two oracles of different seeds differ too: their gap is what noise alone makes.",
            "Fan et al. 2024 (arXiv 2310.12508), 'performance disparity'"),
    ];

    private static IEnumerable<MetricDefinition> OverSets(string symbol, string name, string definition, string direction, string source) =>
        new[] { ("forget", "the forget images"), ("retain", "the retain images"), ("test", "all test images") }
            .Select(set => new MetricDefinition($"{symbol}-{set.Item1}", $"{name} on {set.Item2}", $"Over {set.Item2}: {definition}.", direction, source));
}
