using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>x [N, C, H, W] with weight [out, C / groups, kH, kW] and bias [out].</summary>
            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Made(lt_conv2d(input, weight, bias, Pair(strides, 1), Pair(padding, 0), Pair(dilation, 1), groups, out nint result), result);

            /// <summary>The derivative of <see cref="conv2d"/> by its input: x [N, out, H', W'] with that one's weight; <paramref name="output_padding"/> are rows and columns that no filter reached.</summary>
            public static Tensor conv_transpose2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null, long[]? dilation = null, long groups = 1) =>
                Made(lt_conv_transpose2d(input, weight, bias, Pair(strides, 1), Pair(padding, 0), Pair(output_padding, 0), Pair(dilation, 1), groups, out nint result), result);

            /// <summary>input [..., in] times weights [out, in] transposed, plus bias [out].</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Made(lt_linear(input, weights, bias, out nint result), result);

            /// <summary>Training: by the batch's own mean and variance, folded into the running ones with <paramref name="momentum"/>. Else by the running ones.</summary>
            public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1e-05) =>
                Made(lt_batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, out nint result), result);

            /// <summary>Over the last dimensions, of shape <paramref name="normalized_shape"/>.</summary>
            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Made(lt_layer_norm(input, normalized_shape, normalized_shape.Length, weight, bias, eps, out nint result), result);

            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Made(lt_group_norm(input, num_groups, weight, bias, eps, out nint result), result);

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                inplace ? Self(input, lt_dropout_(input, p, training)) : Made(lt_dropout(input, p, training, out nint result), result);

            /// <summary>Class numbers (int64) as rows of zeros with a one; -1: as many classes as the largest number asks for.</summary>
            public static Tensor one_hot(Tensor x, long num_classes = -1) => Made(lt_one_hot(x, num_classes, out nint result), result);

            // One value for both directions, or one for each: height, width.
            private static long[] Pair(long[]? values, long otherwise) => values switch
            {
                null or [] => [otherwise, otherwise],
                [var both] => [both, both],
                [_, _] => values,
                _ => throw new ArgumentException($"One or two values are wanted for an image's directions, not {values.Length}."),
            };

            private static long[] Pair((long, long) values) => [values.Item1, values.Item2];

            private static Tensor Self(Tensor tensor, int status)
            {
                Check(status);
                return tensor;
            }
        }
    }
}
