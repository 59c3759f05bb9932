using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // Random numbers into, and by, a tensor.
    public partial class Tensor
    {
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) => Self(lt_normal_(this, mean, std, HandleOf(generator)), generator);
        public Tensor uniform_(double from, double to, Generator? generator = null) => Self(lt_uniform_(this, from, to, HandleOf(generator)), generator);

        /// <summary>Each element is the probability of a one.</summary>
        public Tensor bernoulli(Generator? generator = null)
        {
            var drawn = Made(lt_bernoulli(this, HandleOf(generator), out nint result), result);
            GC.KeepAlive(generator);
            return drawn;
        }

        /// <summary>Indices drawn by weight, per row: [rows, num_samples].</summary>
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null)
        {
            var drawn = Made(lt_multinomial(this, num_samples, replacement, HandleOf(generator), out nint result), result);
            GC.KeepAlive(generator);
            return drawn;
        }

        internal static nint HandleOf(Generator? generator) => generator?.Handle ?? 0;

        private Tensor Self(int status, Generator? generator)
        {
            GC.KeepAlive(generator);
            return Self(status);
        }
    }
}
