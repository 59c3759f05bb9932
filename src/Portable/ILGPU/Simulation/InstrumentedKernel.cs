using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;

namespace Lacuna.Portable.Simulation;

/// <summary>The instrumented copy of the call that a launch was given, with all the code of ours that it reaches.</summary>
internal static class InstrumentedKernel
{
    private static readonly ConcurrentDictionary<MethodInfo, (DynamicMethod Code, string Name)> Cache = new();
    private static readonly ConcurrentDictionary<MethodInfo, Delegate> Kernels = new();
    private static readonly Lock Gate = new();

    /// <summary>The copy of a kernel itself.</summary>
    internal static Delegate Create(MethodInfo kernel)
    {
        lock (Gate)
        {
            // Below a caller, since what stands at the top may use objects as host code does.
            return Kernels.GetOrAdd(kernel, static method => new InstrumentedMethod(method, callers: [HostCode]).Write()
                .CreateDelegate(Expression.GetActionType([.. method.GetParameters().Select(p => p.ParameterType)])));
        }
    }

    private static readonly MethodInfo HostCode = typeof(InstrumentedKernel).GetMethod(nameof(Create), BindingFlags.Static | BindingFlags.NonPublic, [typeof(MethodInfo)])!;

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
