namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class init
        {
            /// <summary>Which side's variance a law keeps.</summary>
            public enum FanInOut
            {
                /// <summary>The inputs of one output: activations keep their variance going forward.</summary>
                FanIn = 0,

                /// <summary>The outputs of one input: gradients keep theirs going backward.</summary>
                FanOut = 1,
            }

            /// <summary>What follows a layer.</summary>
            public enum NonlinearityType
            {
                /// <summary>Nothing.</summary>
                Linear = 0,

                /// <summary>A 1-D convolution.</summary>
                Conv1D = 1,

                /// <summary>A 2-D convolution.</summary>
                Conv2D = 2,

                /// <summary>A 3-D convolution.</summary>
                Conv3D = 3,

                /// <summary>A transposed 1-D convolution.</summary>
                ConvTranspose1D = 4,

                /// <summary>A transposed 2-D convolution.</summary>
                ConvTranspose2D = 5,

                /// <summary>A transposed 3-D convolution.</summary>
                ConvTranspose3D = 6,

                /// <summary>1 / (1 + exp(-x)).</summary>
                Sigmoid = 7,

                /// <summary>The hyperbolic tangent.</summary>
                Tanh = 8,

                /// <summary>max(x, 0).</summary>
                ReLU = 9,

                /// <summary>x above zero, slope times x below.</summary>
                LeakyReLU = 10,
            }

            /// <summary>The factor that makes up for what the nonlinearity does to the deviation; PyTorch's table.</summary>
            /// <param name="nonlinearity">What follows the layer.</param>
            /// <param name="param">The negative slope of a leaky ReLU; otherwise unused.</param>
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3,
                NonlinearityType.ReLU => Math.Sqrt(2),
                NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + (param * param))),
                _ => 1,
            };

            /// <summary>Inputs of one output and outputs of one input, for a weight of shape outputs x inputs x window.</summary>
            /// <exception cref="ArgumentException">The tensor has fewer than two dimensions.</exception>
            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                long[] shape = tensor.shape;
                if (shape.Length < 2)
                    throw new ArgumentException($"A weight with fans has at least 2 dimensions; this one has {shape.Length}.", nameof(tensor));
                long window = 1;
                foreach (long side in shape.AsSpan(2)) window *= side;
                return (shape[1] * window, shape[0] * window);
            }

            /// <summary>
            /// PyTorch's default for linear and convolutional layers: both weight and bias uniform on +-1/sqrt(fan in).
            /// The weight goes by way of kaiming_uniform_ with slope sqrt(5), so that the same seed gives PyTorch's values.
            /// </summary>
            internal static void AffineDefaults(Tensor weight, Tensor? bias)
            {
                if (weight.numel() > 0) kaiming_uniform_(weight, Math.Sqrt(5));
                if (bias is null) return;
                long fanIn = CalculateFanInAndFanOut(weight).fanIn;
                double bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
                uniform_(bias, -bound, bound);
            }
        }
    }
}
