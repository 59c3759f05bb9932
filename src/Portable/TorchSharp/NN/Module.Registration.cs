using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Adds a submodule; its own fields are registered too if that has not happened yet.</summary>
            /// <exception cref="ArgumentException">The name is empty or has a dot.</exception>
            /// <exception cref="InvalidOperationException">The name is taken.</exception>
            public virtual void register_module(string name, Module submodule)
            {
                ArgumentNullException.ThrowIfNull(submodule);
                RequireFreeName(name);
                submodule.RegisterComponents();
                _ownModules.Add(name, submodule);
            }

            /// <summary>The same as <see cref="register_module"/>.</summary>
            public void add_module(string name, Module module) => register_module(name, module);

            /// <summary>Adds a trained tensor.</summary>
            /// <inheritdoc cref="register_module" path="/exception"/>
            public virtual void register_parameter(string name, Parameter param)
            {
                ArgumentNullException.ThrowIfNull(param);
                RequireFreeName(name);
                _ownParameters.Add(name, param);
            }

            /// <summary>Adds a tensor that is kept but not trained; a persistent one is part of <see cref="state_dict"/>.</summary>
            /// <inheritdoc cref="register_module" path="/exception"/>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                RequireFreeName(name);
                _ownBuffers.Add(name, (tensor, persistent));
            }

            /// <summary>
            /// Registers every field that holds a module, a parameter or a tensor (as a buffer) under the field's name or its
            /// <see cref="ComponentNameAttribute"/>, in the order of declaration, a derived class before its base.
            /// Null fields and names already taken are passed over. Call it last in the constructor.
            /// </summary>
            protected virtual void RegisterComponents()
            {
                for (Type? type = GetType(); type is not null && type != typeof(Module); type = type.BaseType)
                    foreach (FieldInfo field in type.GetFields(
                        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                        RegisterField(field);
            }

            /// <summary>Removes every submodule from the list, without disposing it.</summary>
            protected void ClearModules() => _ownModules.Clear();

            /// <summary>Takes a parameter under the dotted name it has in a script module; no dispose scope ends it.</summary>
            private protected void AdoptParameter(string dottedName, Parameter parameter)
            {
                parameter.DetachFromDisposeScope();
                _ownParameters.Add(dottedName, parameter);
            }

            /// <summary>The same for a buffer.</summary>
            private protected void AdoptBuffer(string dottedName, Tensor buffer) => _ownBuffers.Add(dottedName, (OwnBuffer(buffer), true));

            /// <summary>A parameter that no dispose scope will end: it lives as long as the module that holds it.</summary>
            private protected static Parameter OwnParameter(Tensor data)
            {
                var parameter = new Parameter(data);
                parameter.DetachFromDisposeScope();
                return parameter;
            }

            /// <summary>A buffer that no dispose scope will end.</summary>
            private protected static Tensor OwnBuffer(Tensor data)
            {
                data.DetachFromDisposeScope();
                return data;
            }

            /// <summary>Puts another parameter (or none) under a name, keeps the field in step, and frees the old one.</summary>
            private protected void ReplaceParameter(string name, ref Parameter? field, Parameter? value)
            {
                if (ReferenceEquals(field, value)) return;
                field?.Dispose();
                value?.DetachFromDisposeScope();
                field = value;
                if (value is null) _ownParameters.Remove(name);
                else _ownParameters[name] = value;
            }

            /// <summary>Puts another persistent buffer (or none) under a name, keeps the field in step, and frees the old one.</summary>
            private protected void ReplaceBuffer(string name, ref Tensor? field, Tensor? value)
            {
                if (ReferenceEquals(field, value)) return;
                field?.Dispose();
                value?.DetachFromDisposeScope();
                field = value;
                if (value is null) _ownBuffers.Remove(name);
                else _ownBuffers[name] = (value, true);
            }

            private void RegisterField(FieldInfo field)
            {
                string fieldName = field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
                if (IsTaken(fieldName)) return;
                switch (field.GetValue(this))
                {
                    case Module module:
                        register_module(fieldName, module);
                        break;
                    case Parameter parameter:
                        register_parameter(fieldName, parameter);
                        break;
                    case Tensor tensor:
                        register_buffer(fieldName, tensor);
                        break;
                }
            }

            private bool IsTaken(string name) =>
                _ownModules.ContainsKey(name) || _ownParameters.ContainsKey(name) || _ownBuffers.ContainsKey(name);

            private void RequireFreeName(string name)
            {
                if (string.IsNullOrEmpty(name) || name.Contains('.'))
                    throw new ArgumentException($"'{name}' cannot name a part of module '{GetName()}': names are not empty and have no dot.", nameof(name));
                if (IsTaken(name))
                    throw new InvalidOperationException($"Module '{GetName()}' already has a part named '{name}'.");
            }
        }
    }
}
