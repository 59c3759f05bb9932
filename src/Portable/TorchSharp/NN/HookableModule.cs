namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module whose calls can be watched or changed by hooks, run in the order of registration.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            private readonly OrderedDictionary<string, TPreHook> _preHooks = [];
            private readonly OrderedDictionary<string, TPostHook> _postHooks = [];
            private long _hooksMade;

            /// <summary>An empty module of the given name.</summary>
            protected HookableModule(string name) : base(name)
            {
            }

            /// <summary>Hooks before the call. Copies, so that a hook may remove itself.</summary>
            private protected TPreHook[] PreHooks => _preHooks.Count == 0 ? [] : [.. _preHooks.Values];

            /// <summary>Hooks after the call. Copies, so that a hook may remove itself.</summary>
            private protected TPostHook[] PostHooks => _postHooks.Count == 0 ? [] : [.. _postHooks.Values];

            /// <summary>Adds a hook that sees the input before <c>forward</c> and may return another in its place.</summary>
            public HookRemover register_forward_pre_hook(TPreHook hook)
            {
                string key = NextKey();
                _preHooks.Add(key, hook);
                return new HookRemover(this, key);
            }

            /// <summary>Adds a hook that sees input and output after <c>forward</c> and may return another output in its place.</summary>
            public HookRemover register_forward_hook(TPostHook hook)
            {
                string key = NextKey();
                _postHooks.Add(key, hook);
                return new HookRemover(this, key);
            }

            private string NextKey() => (++_hooksMade).ToString();

            /// <summary>Takes one hook away again.</summary>
            public sealed class HookRemover(HookableModule<TPreHook, TPostHook> module, string key)
            {
                /// <summary>Removes the hook; a second call does nothing.</summary>
                public void remove()
                {
                    module._preHooks.Remove(key);
                    module._postHooks.Remove(key);
                }
            }
        }
    }
}
