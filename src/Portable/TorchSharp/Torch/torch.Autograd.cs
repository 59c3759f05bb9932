using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static class autograd
    {
        /// <summary>
        /// Gradients of <paramref name="outputs"/> (scalars, unless <paramref name="grad_outputs"/> weighs their elements) by
        /// <paramref name="inputs"/>, one an input. With <paramref name="create_graph"/> they can be differentiated again, and the graph is
        /// kept. An input that does not matter throws, or with <paramref name="allow_unused"/> yields a tensor that is <c>IsInvalid</c>.
        /// </summary>
        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] from = Handles(outputs), by = Handles(inputs), weights = Handles(grad_outputs);
            var results = new nint[by.Length];
            int status = lt_autograd_grad(from, from.Length, by, by.Length, weights, weights.Length, retain_graph, create_graph, allow_unused, results);
            GC.KeepAlive((outputs, inputs, grad_outputs));
            return Made(status, results);
        }

        /// <summary>Adds gradients to <c>grad</c> of the leaves, or of <paramref name="inputs"/> alone. The graph is kept when told so or when one is created.</summary>
        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            nint[] from = Handles(tensors), weights = Handles(grad_tensors), into = Handles(inputs);
            int status = lt_backward(from, from.Length, weights, weights.Length, retain_graph ?? create_graph, create_graph, into, into.Length);
            GC.KeepAlive((tensors, grad_tensors, inputs));
            Check(status);
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);
    }
}
