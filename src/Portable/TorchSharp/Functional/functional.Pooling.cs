using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            // Without a stride, windows touch: the stride is the kernel's size.
            public static Tensor max_pool2d(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false)
            {
                var kernel = Pair(kernel_size, 1);
                return Made(lt_max_pool2d(input, kernel, strides is null ? kernel : Pair(strides, 1), Pair(padding, 0), Pair(dilation, 1), ceil_mode, out nint result), result);
            }

            public static Tensor max_pool2d(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, [kernel_size], Single(stride), Single(padding), Single(dilation), ceil_mode);

            public static Tensor max_pool2d(Tensor input, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, Pair(kernel_size), Both(stride), Both(padding), Both(dilation), ceil_mode);

            public static Tensor avg_pool2d(Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null)
            {
                var kernel = Pair(kernel_size, 1);
                return Made(lt_avg_pool2d(input, kernel, stride is null ? kernel : Pair(stride, 1), Pair(padding, 0), ceil_mode, count_include_pad, divisor_override ?? 0, out nint result), result);
            }

            public static Tensor avg_pool2d(Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(input, [kernel_size], Single(stride), [padding], ceil_mode, count_include_pad, divisor_override);

            public static Tensor avg_pool2d(Tensor input, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(input, Pair(kernel_size), Both(stride), Both(padding), ceil_mode, count_include_pad, divisor_override);

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) => Made(lt_adaptive_avg_pool2d(input, Pair(output_size, 1), out nint result), result);
            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) => adaptive_avg_pool2d(input, [output_size, output_size]);
            public static Tensor adaptive_avg_pool2d(Tensor input, (long, long) output_size) => adaptive_avg_pool2d(input, Pair(output_size));

            /// <summary>Pads come in pairs, before and after, the last dimension's first.</summary>
            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                // Zeros is the constant mode with value 0, under its name as an option of convolutions.
                var (code, fill) = mode switch
                {
                    PaddingModes.Constant => (0, value),
                    PaddingModes.Zeros => (0, 0.0),
                    _ => ((int)mode, 0.0),
                };
                return Made(lt_pad(input, pad, pad.Length, code, fill, out nint result), result);
            }

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2], mode, value);

            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            private static long[]? Single(long? value) => value is { } given ? [given] : null;

            private static long[]? Both((long, long)? values) => values is { } given ? Pair(given) : null;
        }
    }
}
