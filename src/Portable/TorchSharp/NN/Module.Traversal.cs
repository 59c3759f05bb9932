using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Own parameters, then (if <paramref name="recurse"/>) the submodules' with dotted names; a shared one once.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach ((string name, Parameter parameter) in _ownParameters)
                    if (seen.Add(parameter)) yield return (name, parameter);
                if (!recurse) yield break;

                foreach ((string child, Module module) in _ownModules)
                    foreach ((string name, Parameter parameter) in module.named_parameters(true))
                        if (seen.Add(parameter)) yield return ($"{child}.{name}", parameter);
            }

            /// <summary>Own buffers, then (if <paramref name="recurse"/>) the submodules' with dotted names; a shared one once.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach ((string name, (Tensor buffer, bool persistent)) in _ownBuffers)
                    if ((persistent || include_nonpersistent) && seen.Add(buffer)) yield return (name, buffer);
                if (!recurse) yield break;

                foreach ((string child, Module module) in _ownModules)
                    foreach ((string name, Tensor buffer) in module.named_buffers(true, include_nonpersistent))
                        if (seen.Add(buffer)) yield return ($"{child}.{name}", buffer);
            }

            /// <summary>The direct submodules.</summary>
            public virtual IEnumerable<(string name, Module module)> named_children()
            {
                foreach ((string name, Module module) in _ownModules) yield return (name, module);
            }

            /// <summary>All submodules but not this module itself: the direct ones first, then each one's own.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach ((string name, Module module) in _ownModules) yield return (name, module);

                foreach ((string child, Module parent) in _ownModules)
                    foreach ((string name, Module module) in parent.named_modules())
                        yield return ($"{child}.{name}", module);
            }

            /// <summary><see cref="named_parameters"/> without the names.</summary>
            public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                named_parameters(recurse).Select(entry => entry.parameter);

            /// <summary><see cref="named_buffers"/> without the names.</summary>
            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(entry => entry.buffer);

            /// <summary><see cref="named_children"/> without the names.</summary>
            public virtual IEnumerable<Module> children() => named_children().Select(entry => entry.module);

            /// <summary><see cref="named_modules"/> without the names.</summary>
            public virtual IEnumerable<Module> modules() => named_modules().Select(entry => entry.module);
        }
    }
}
