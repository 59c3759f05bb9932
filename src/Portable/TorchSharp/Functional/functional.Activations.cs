using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_() : x.relu();

            /// <summary>min(max(x, 0), 6); its slope is 0 at 0 and at 6 too.</summary>
            public static Tensor relu6(Tensor x, bool inplace = false) => hardtanh(x, 0, 6, inplace);

            /// <summary>min(max(x, min_val), max_val); its slope is 0 at both ends.</summary>
            public static Tensor hardtanh(Tensor x, double min_val = -1, double max_val = 1, bool inplace = false) =>
                inplace ? Self(x, lt_hardtanh_(x, min_val, max_val)) : Made(lt_hardtanh(x, min_val, max_val, out nint result), result);

            public static Tensor sigmoid(Tensor x, bool inplace = false) => inplace ? x.sigmoid_() : x.sigmoid();
            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_() : x.tanh();

            /// <summary>x times the normal distribution function of x, exact (not the tanh form).</summary>
            public static Tensor gelu(Tensor x, bool inplace) => inplace ? Self(x, lt_gelu_(x)) : gelu(x);
            public static Tensor gelu(Tensor x) => Made(lt_gelu(x, out nint result), result);

            /// <summary>x sigmoid(x)</summary>
            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? Self(x, lt_silu_(x)) : Made(lt_silu(x, out nint result), result);

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                inplace ? Self(input, lt_leaky_relu_(input, negative_slope)) : Made(lt_leaky_relu(input, negative_slope, out nint result), result);

            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => Made(lt_softplus(x, beta, threshold, out nint result), result);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);
        }
    }
}
