namespace TorchSharp;

public static partial class torch
{
    public static partial class jit
    {
        /// <summary>A script module whose calls can be watched or changed by hooks, run in the order of registration.</summary>
        public class HookableScriptModule<TPreHook, TPostHook> : ScriptModule
        {
            /// <summary>Hooks after the call.</summary>
            protected Dictionary<string, TPostHook> post_hooks = [];

            /// <summary>Hooks before the call.</summary>
            protected Dictionary<string, TPreHook> pre_hooks = [];

            internal HookableScriptModule(ScriptHandle script) : base(script)
            {
            }

            /// <summary>Adds a hook that sees input and output after <c>forward</c> and may return another output in its place.</summary>
            public HookRemover register_forward_hook(TPostHook hook)
            {
                string key = Guid.NewGuid().ToString();
                post_hooks.Add(key, hook);
                return new HookRemover(this, key);
            }

            /// <summary>Adds a hook that sees the input before <c>forward</c> and may return another in its place.</summary>
            public HookRemover register_forward_pre_hook(TPreHook hook)
            {
                string key = Guid.NewGuid().ToString();
                pre_hooks.Add(key, hook);
                return new HookRemover(this, key);
            }

            /// <summary>Takes one hook away again.</summary>
            public class HookRemover(HookableScriptModule<TPreHook, TPostHook> module, string key)
            {
                /// <summary>Removes the hook; a second call does nothing.</summary>
                public void remove()
                {
                    module.pre_hooks.Remove(key);
                    module.post_hooks.Remove(key);
                }
            }
        }

        /// <summary>A script module with one input.</summary>
        public class ScriptModule<T, TResult>
            : HookableScriptModule<Func<ScriptModule<T, TResult>, T, T>, Func<ScriptModule<T, TResult>, T, TResult, TResult>>, nn.IModule<T, TResult>
        {
            internal ScriptModule(ScriptHandle script) : base(script)
            {
            }

            /// <summary><see cref="forward(T)"/> with the hooks around it; a hook that returns null changes nothing.</summary>
            public TResult call(T input)
            {
                foreach (var hook in pre_hooks.Values.ToArray()) input = hook(this, input) ?? input;
                TResult result = forward(input);
                foreach (var hook in post_hooks.Values.ToArray()) result = hook(this, input, result) ?? result;
                return result;
            }

            /// <summary>Runs the script's <c>forward</c>.</summary>
            /// <exception cref="InvalidCastException">It gives something else than <typeparamref name="TResult"/>.</exception>
            public TResult forward(T tensor) => (TResult)base.forward(tensor!);
        }
    }
}
