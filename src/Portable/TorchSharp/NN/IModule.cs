namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Something that can be called with one input.</summary>
        public interface IModule<T, TResult>
        {
            /// <summary>The result for one input, hooks included.</summary>
            TResult call(T input1);
        }

        /// <summary>Something that can be called with two inputs.</summary>
        public interface IModule<T1, T2, TResult>
        {
            /// <summary>The result for two inputs, hooks included.</summary>
            TResult call(T1 input1, T2 input2);
        }
    }
}
