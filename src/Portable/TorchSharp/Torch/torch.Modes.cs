using static TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public enum RoundingMode
    {
        None,
        trunc,
        floor,
    }

    // Modes belong to the thread that sets them, end when the returned object is disposed of there, and nest.

    /// <summary>No graph is recorded.</summary>
    public static IDisposable no_grad() => new GradMode(false);
    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);
    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static bool is_grad_enabled()
    {
        Check(lt_grad_mode(out bool enabled));
        return enabled;
    }

    /// <summary>As no_grad, and the tensors made can never take part in a graph.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled()
    {
        Check(lt_inference_mode(out bool enabled));
        return enabled;
    }

    public static DisposeScope NewDisposeScope() => DisposeScopeManager.Open();

    /// <summary>The innermost scope open on this thread.</summary>
    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.Current;

    /// <summary>Runs <paramref name="expr"/> in a scope of its own, of which only the result is left.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(expr());
    }

    /// <summary>Threads inside one operation, for the whole process.</summary>
    public static void set_num_threads(int num) => Check(lt_set_num_threads(num));

    public static int get_num_threads()
    {
        Check(lt_num_threads(out int threads));
        return threads;
    }

    private sealed class GradMode : IDisposable
    {
        private readonly bool before = is_grad_enabled();
        private bool ended;

        internal GradMode(bool enabled) => Check(lt_set_grad_mode(enabled));

        public void Dispose()
        {
            if (ended)
                return;
            ended = true;
            Check(lt_set_grad_mode(before));
        }
    }

    private sealed class InferenceMode : IDisposable
    {
        private nint entered;

        internal InferenceMode(bool enabled) => Check(lt_inference_enter(enabled, out entered));

        public void Dispose()
        {
            nint taken = Interlocked.Exchange(ref entered, 0);
            if (taken != 0)
                Check(lt_inference_leave(taken));
        }
    }
}
