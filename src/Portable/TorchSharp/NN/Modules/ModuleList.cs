using System.Collections;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A list of modules of one type, registered as "0", "1", and so on. It is not called itself.</summary>
            public static ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);

            /// <summary>A list of modules, registered as "0", "1", and so on. It is not called itself.</summary>
            public static ModuleList<Module> ModuleList(params Module[] modules) => new(modules);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <inheritdoc cref="torch.nn.ModuleList{T}(T[])"/>
    public class ModuleList<T> : nn.Module, IList<T> where T : nn.Module
    {
        private readonly List<T> _list;

        /// <summary>A list of the given modules.</summary>
        public ModuleList(params T[] modules) : base(nameof(ModuleList<>))
        {
            _list = [.. modules];
            Renumber();
        }

        /// <inheritdoc/>
        public int Count => _list.Count;

        /// <inheritdoc/>
        public bool IsReadOnly => false;

        /// <inheritdoc/>
        public T this[int index]
        {
            get => _list[index];
            set
            {
                _list[index] = value;
                Renumber();
            }
        }

        /// <inheritdoc/>
        public void Add(T item)
        {
            register_module(_list.Count.ToString(), item);
            _list.Add(item);
        }

        /// <summary>Adds modules at the end.</summary>
        public void append(params T[] parameters) => extend(parameters);

        /// <summary>Adds modules at the end.</summary>
        public void extend(IEnumerable<T> modules)
        {
            foreach (T module in modules) Add(module);
        }

        /// <inheritdoc/>
        public void Insert(int index, T item)
        {
            _list.Insert(index, item);
            Renumber();
        }

        /// <summary>Removes a module without disposing it.</summary>
        public void RemoveAt(int index)
        {
            _list.RemoveAt(index);
            Renumber();
        }

        /// <summary>Removes a module without disposing it.</summary>
        public bool Remove(T item)
        {
            bool removed = _list.Remove(item);
            Renumber();
            return removed;
        }

        /// <summary>Removes all modules without disposing them.</summary>
        public void Clear()
        {
            _list.Clear();
            ClearModules();
        }

        /// <inheritdoc/>
        public int IndexOf(T item) => _list.IndexOf(item);

        /// <inheritdoc/>
        public bool Contains(T item) => _list.Contains(item);

        /// <inheritdoc/>
        public void CopyTo(T[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);

        /// <inheritdoc/>
        public IEnumerator<T> GetEnumerator() => _list.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private void Renumber()
        {
            ClearModules();
            for (int i = 0; i < _list.Count; i++) register_module(i.ToString(), _list[i]);
        }
    }
}
