using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <inheritdoc cref="Modules.Parameter(Tensor, bool)"/>
            public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>A tensor that a module trains.</summary>
    public class Parameter : Tensor
    {
        /// <summary>
        /// Takes the values of <paramref name="data"/> over, which becomes invalid, and its place in a dispose scope too. The history
        /// of how they were computed is left behind.
        /// </summary>
        public Parameter(Tensor data, bool requires_grad = true) : this(data.OwningDisposeScope, TakeLeaf(data, requires_grad))
        {
        }

        /// <summary>A parameter that a script module made.</summary>
        internal Parameter(nint handle) : base(handle)
        {
        }

        private Parameter(DisposeScope? scope, nint handle) : base(handle) => MoveToOtherDisposeScope(scope);

        private static nint TakeLeaf(Tensor data, bool requiresGrad)
        {
            Tensor leaf = data.detach().requires_grad_(requiresGrad);
            data.Dispose();
            return leaf.DecoupleFromNativeHandle();
        }
    }
}
