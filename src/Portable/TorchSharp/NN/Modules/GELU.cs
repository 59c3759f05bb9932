using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>x times the standard normal distribution function of x, in the exact (error function) form.</summary>
            public static GELU GELU() => new(false);

            /// <summary>x times the standard normal distribution function of x; in place it overwrites its input.</summary>
            public static GELU GELU(bool inplace) => new(inplace);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <inheritdoc cref="torch.nn.GELU()"/>
    public sealed class GELU : ParameterLessModule<Tensor, Tensor>
    {
        internal GELU(bool inplace) : base(nameof(GELU)) => this.inplace = inplace;

        /// <summary>Whether the input is overwritten.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor tensor) => nn.functional.gelu(tensor, inplace);
    }
}
