using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// A part of a network: it owns parameters, buffers and submodules, each under a name, and disposes them.
        /// </summary>
        public partial class Module : IDisposable
        {
            private readonly OrderedDictionary<string, Parameter> _ownParameters = [];
            private readonly OrderedDictionary<string, (Tensor Tensor, bool Persistent)> _ownBuffers = [];
            private readonly OrderedDictionary<string, Module> _ownModules = [];
            private bool _training = true;

            /// <summary>What <see cref="GetName"/> answers.</summary>
            protected string name;

            /// <summary>An empty module of the given name.</summary>
            protected Module(string name) => this.name = name;

            /// <summary>The name given at construction; not the name it is registered under.</summary>
            public virtual string GetName() => name;

            /// <summary>Whether the module trains (true at first) or evaluates: batch norm and dropout differ.</summary>
            public virtual bool training => _training;

            /// <summary>Sets training mode here and in every submodule.</summary>
            public virtual void train(bool train = true)
            {
                _training = train;
                foreach (Module child in _ownModules.Values) child.train(train);
            }

            /// <summary>Sets evaluation mode here and in every submodule.</summary>
            public virtual void eval() => train(false);

            /// <summary>Calls <paramref name="fn"/> on every submodule, children first, then on this module.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (Module child in _ownModules.Values) child.apply(fn);
                fn(this);
                return this;
            }

            /// <summary>Forgets the parameters' gradients, or with <paramref name="set_to_none"/> false fills them with zeros.</summary>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (Parameter parameter in parameters())
                {
                    if (set_to_none)
                    {
                        parameter.grad = null;
                        continue;
                    }

                    using Tensor? gradient = parameter.grad;
                    gradient?.detach_().zero_();
                }
            }

            /// <summary>Frees parameters, buffers and submodules.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Frees parameters, buffers and submodules when <paramref name="disposing"/>.</summary>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing) return;
                foreach (Parameter parameter in _ownParameters.Values) parameter.Dispose();
                foreach ((Tensor buffer, _) in _ownBuffers.Values) buffer.Dispose();
                foreach (Module child in _ownModules.Values) child.Dispose();
            }
        }
    }
}
