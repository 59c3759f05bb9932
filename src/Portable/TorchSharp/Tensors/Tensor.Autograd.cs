using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // A tensor's place in the autograd graph.
    public partial class Tensor
    {
        public bool requires_grad
        {
            get
            {
                Check(lt_requires_grad(this, out bool required));
                return required;
            }
            set => Check(lt_requires_grad_(this, value));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public bool is_leaf
        {
            get
            {
                Check(lt_is_leaf(this, out bool leaf));
                return leaf;
            }
        }

        /// <summary>
        /// The accumulated gradient, or null. Reading makes a new tensor on the same storage, to be disposed of like any other;
        /// writing takes shape, type and device of this tensor only.
        /// </summary>
        public Tensor? grad
        {
            get
            {
                Check(lt_grad(this, out nint result));
                return result == 0 ? null : new Tensor(result);
            }
            set => Check(lt_set_grad(this, value));
        }

        public void retain_grad() => Check(lt_retain_grad(this));

        public Tensor detach() => Made(lt_detach(this, out nint result), result);

        public Tensor detach_()
        {
            Check(lt_detach_(this));
            return this;
        }

        public void backward() => autograd.backward([this]);

        /// <summary>
        /// Adds the gradients of this tensor to <c>grad</c> of the graph's leaves, or of <paramref name="inputs"/> alone.
        /// The graph is kept when <paramref name="create_graph"/> or <paramref name="retain_graph"/> says so.
        /// </summary>
        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }
}
