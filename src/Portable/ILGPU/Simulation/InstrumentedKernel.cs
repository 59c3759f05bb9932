using System.Collections.Concurrent;
using System.Reflection.Emit;

namespace Lacuna.Portable.Simulation;

/// <summary>The instrumented copy of the call that a launch was given, with all the code of ours that it reaches.</summary>
internal static class InstrumentedKernel
{
    private static readonly ConcurrentDictionary<System.Reflection.MethodInfo, (DynamicMethod Code, string Name)> Cache = new();
    private static readonly Lock Gate = new();

    /// <summary>The kernel's name is that of the method that the call is of; of the call's own code where the kernel is written in place.</summary>
    internal static (TDelegate Body, string Name) Create<TDelegate>(TDelegate call) where TDelegate : Delegate
    {
        lock (Gate)
        {
            var (code, name) = Cache.GetOrAdd(call.Method, static method =>
            {
                var writer = new InstrumentedMethod(method, callers: []);
                return (writer.Write(), CodeSites.MethodName(writer.OnlyCallee ?? method));
            });
            return (call.Target is { } target ? code.CreateDelegate<TDelegate>(target) : code.CreateDelegate<TDelegate>(), name);
        }
    }
}
