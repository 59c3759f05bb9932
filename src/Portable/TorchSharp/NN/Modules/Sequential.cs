using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Modules called one after another; without names they are "0", "1", and so on.</summary>
            public static Sequential Sequential() => new(Array.Empty<Module<Tensor, Tensor>>());

            /// <inheritdoc cref="Sequential()"/>
            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => new(modules);

            /// <inheritdoc cref="Sequential()"/>
            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => new(modules);

            /// <inheritdoc cref="Sequential()"/>
            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) => new([.. modules]);

            /// <inheritdoc cref="Sequential()"/>
            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => new([.. modules]);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <inheritdoc cref="torch.nn.Sequential()"/>
    public class Sequential : nn.Module<Tensor, Tensor>
    {
        private readonly List<(string Name, nn.Module<Tensor, Tensor> Module)> _steps = [];

        /// <summary>Steps with names.</summary>
        protected internal Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules) : base(nameof(Sequential))
        {
            foreach ((string name, nn.Module<Tensor, Tensor> module) in modules) append(name, module);
        }

        /// <summary>Steps named by their place.</summary>
        protected internal Sequential(params nn.Module<Tensor, Tensor>[] modules) : base(nameof(Sequential))
        {
            foreach (nn.Module<Tensor, Tensor> module in modules) append(module);
        }

        /// <summary>The number of steps.</summary>
        public int Count => _steps.Count;

        /// <summary>One step.</summary>
        public nn.IModule<Tensor, Tensor> this[int index] => _steps[index].Module;

        /// <summary>A part of the steps under the names they have here. It shares the modules: dispose only one of the two.</summary>
        public Sequential this[Range index] => new(_steps[index].Select(step => (step.Name, step.Module)).ToArray());

        /// <summary>Adds a step named by its place.</summary>
        public Sequential append(nn.IModule<Tensor, Tensor> module) => append(_steps.Count.ToString(), module);

        /// <summary>Adds a named step.</summary>
        public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
        {
            if (module is not nn.Module<Tensor, Tensor> step)
                throw new ArgumentException($"A step of a Sequential derives from nn.Module<Tensor, Tensor>; {module.GetType().Name} does not.", nameof(module));
            register_module(name, step);
            _steps.Add((name, step));
            return this;
        }

        /// <summary>
        /// The last step's output. Outputs in between are disposed (autograd keeps what it needs): a hook or step that wants to keep
        /// one takes an <c>alias()</c>.
        /// </summary>
        public override Tensor forward(Tensor tensor)
        {
            Tensor current = tensor;
            foreach ((_, nn.Module<Tensor, Tensor> step) in _steps)
            {
                Tensor next = step.call(current);
                if (!ReferenceEquals(current, tensor) && !ReferenceEquals(current, next)) current.Dispose();
                current = next;
            }

            return _steps.Count == 0 ? tensor.alias() : current;
        }
    }
}
