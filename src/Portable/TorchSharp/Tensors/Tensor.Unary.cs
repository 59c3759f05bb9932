using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // One tensor in, element by element.
    public partial class Tensor
    {
        // In-place operations answer with the tensor itself.
        private Tensor Self(int status)
        {
            Check(status);
            return this;
        }

        public Tensor abs() => Made(lt_abs(this, out nint result), result);
        public Tensor neg() => Made(lt_neg(this, out nint result), result);
        public Tensor sign() => Made(lt_sign(this, out nint result), result);
        public Tensor square() => Made(lt_square(this, out nint result), result);
        public Tensor sqrt() => Made(lt_sqrt(this, out nint result), result);
        public Tensor rsqrt() => Made(lt_rsqrt(this, out nint result), result);
        public Tensor reciprocal() => Made(lt_reciprocal(this, out nint result), result);
        public Tensor exp() => Made(lt_exp(this, out nint result), result);
        public Tensor expm1() => Made(lt_expm1(this, out nint result), result);
        public Tensor log() => Made(lt_log(this, out nint result), result);
        public Tensor log1p() => Made(lt_log1p(this, out nint result), result);
        public Tensor log2() => Made(lt_log2(this, out nint result), result);
        public Tensor sin() => Made(lt_sin(this, out nint result), result);
        public Tensor cos() => Made(lt_cos(this, out nint result), result);
        public Tensor erf() => Made(lt_erf(this, out nint result), result);
        public Tensor floor() => Made(lt_floor(this, out nint result), result);
        public Tensor ceil() => Made(lt_ceil(this, out nint result), result);
        public Tensor trunc() => Made(lt_trunc(this, out nint result), result);
        public Tensor relu() => Made(lt_relu(this, out nint result), result);
        public Tensor sigmoid() => Made(lt_sigmoid(this, out nint result), result);
        public Tensor tanh() => Made(lt_tanh(this, out nint result), result);
        public Tensor round(long decimals = 0) => Made(lt_round(this, decimals, out nint result), result);

        public Tensor zero_() => Self(lt_zero_(this));
        public Tensor abs_() => Self(lt_abs_(this));
        public Tensor neg_() => Self(lt_neg_(this));
        public Tensor sign_() => Self(lt_sign_(this));
        public Tensor sqrt_() => Self(lt_sqrt_(this));
        public Tensor rsqrt_() => Self(lt_rsqrt_(this));
        public Tensor reciprocal_() => Self(lt_reciprocal_(this));
        public Tensor exp_() => Self(lt_exp_(this));
        public Tensor log_() => Self(lt_log_(this));
        public Tensor relu_() => Self(lt_relu_(this));
        public Tensor sigmoid_() => Self(lt_sigmoid_(this));
        public Tensor tanh_() => Self(lt_tanh_(this));
        public Tensor fill_(Scalar value) => Self(lt_fill_scalar_(this, value));
    }
}
