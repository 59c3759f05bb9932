namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Ways to fill a weight, in place and outside autograd. Each returns its tensor.</summary>
        public static partial class init
        {
            /// <summary>Fills with one value.</summary>
            public static Tensor constant_(Tensor tensor, Scalar val) => WithoutGradient(tensor, t => t.fill_(val));

            /// <summary>Fills with ones.</summary>
            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);

            /// <summary>Fills with zeros.</summary>
            public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0);

            /// <summary>Draws from the uniform law on [low, high).</summary>
            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) =>
                WithoutGradient(tensor, t => t.uniform_(low, high, generator));

            /// <summary>Draws from the normal law.</summary>
            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) =>
                WithoutGradient(tensor, t => t.normal_(mean, std, generator));

            /// <summary>Draws from the normal law restricted to [a, b]: values outside are drawn again.</summary>
            /// <exception cref="ArgumentException">The interval holds too little of the law (its nearer end is over two deviations from the mean).</exception>
            public static Tensor trunc_normal_(
                Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, Generator? generator = null)
            {
                if (!(a < b) || mean < a - (2 * std) || mean > b + (2 * std))
                    throw new ArgumentException(
                        $"[{a}, {b}] holds too little of a normal law of mean {mean} and deviation {std}: the interval must reach within two deviations of the mean.");

                return WithoutGradient(tensor, t =>
                {
                    using DisposeScope scope = NewDisposeScope();
                    t.normal_(mean, std, generator);
                    while (true)
                    {
                        Tensor outside = t.lt(a).logical_or(t.gt(b));
                        if (!outside.any().item<bool>()) return t;
                        t.copy_(where(outside, empty_like(t).normal_(mean, std, generator), t));
                    }
                });
            }

            /// <summary>
            /// Uniform on +-gain sqrt(3 / fan): keeps the variance of activations (fan in) or gradients (fan out) through a layer
            /// followed by the nonlinearity. He et al. 2015, "Delving Deep into Rectifiers".
            /// </summary>
            /// <param name="tensor">At least two dimensions, outputs first.</param>
            /// <param name="a">The negative slope, where the nonlinearity is a leaky ReLU.</param>
            /// <param name="mode">Which fan.</param>
            /// <param name="nonlinearity">What follows the layer.</param>
            public static Tensor kaiming_uniform_(
                Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                double bound = Math.Sqrt(3) * KaimingDeviation(tensor, a, mode, nonlinearity);
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Normal with deviation gain / sqrt(fan); see <see cref="kaiming_uniform_"/>.</summary>
            /// <inheritdoc cref="kaiming_uniform_" path="/param"/>
            public static Tensor kaiming_normal_(
                Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                normal_(tensor, 0, KaimingDeviation(tensor, a, mode, nonlinearity));

            /// <summary>Uniform on +-gain sqrt(6 / (fan in + fan out)). Glorot and Bengio 2010.</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1)
            {
                (long fanIn, long fanOut) = CalculateFanInAndFanOut(tensor);
                double bound = gain * Math.Sqrt(6.0 / (fanIn + fanOut));
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Normal with deviation gain sqrt(2 / (fan in + fan out)). Glorot and Bengio 2010.</summary>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1)
            {
                (long fanIn, long fanOut) = CalculateFanInAndFanOut(tensor);
                return normal_(tensor, 0, gain * Math.Sqrt(2.0 / (fanIn + fanOut)));
            }

            private static double KaimingDeviation(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
            {
                (long fanIn, long fanOut) = CalculateFanInAndFanOut(tensor);
                return calculate_gain(nonlinearity, a) / Math.Sqrt(mode == FanInOut.FanIn ? fanIn : fanOut);
            }

            private static Tensor WithoutGradient(Tensor tensor, Func<Tensor, Tensor> fill)
            {
                using IDisposable noGrad = no_grad();
                fill(tensor);
                return tensor;
            }
        }
    }
}
