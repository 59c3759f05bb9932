using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>input: logits [N, C]; target: class numbers [N] (int64) or probabilities [N, C]; weight: [C].</summary>
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                Made(lt_cross_entropy(input, target, weight, (long)reduction, ignore_index, label_smoothing, out nint result), result);

            /// <summary>input: log-probabilities [N, C]; target: class numbers [N].</summary>
            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Made(lt_nll_loss(input, target, weight, (long)reduction, out nint result), result);

            /// <summary>
            /// sum target (log target - input), input in logarithms; target too unless <paramref name="log_target"/> is false
            /// (PyTorch's default is the other one). Mean: over all elements, not over the batch.
            /// </summary>
            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean) =>
                Made(lt_kl_div(input, target, (long)reduction, log_target, out nint result), result);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Made(lt_mse_loss(input, target, (long)reduction, out nint result), result);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Made(lt_l1_loss(input, target, (long)reduction, out nint result), result);

            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1) =>
                Made(lt_smooth_l1_loss(input, target, (long)reduction, beta, out nint result), result);

            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
                Made(lt_bce_with_logits(input, target, weight, pos_weights, (long)reduction, out nint result), result);
        }
    }
}
