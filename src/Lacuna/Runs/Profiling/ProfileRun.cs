using Lacuna.Gpu;
using Lacuna.Models;
using Lacuna.Models.TorchScript;
using Lacuna.Profiling;
using TorchSharp;

namespace Lacuna.Runs.Profiling;

/// <summary>A run that is profiled: made before it, asked after it.</summary>
public sealed class ProfileRun
{
    private readonly Compute _compute;
    private readonly TimeProvider _clock;
    private readonly DevicePeak _peak;
    private readonly SpanRecorder _recorder;
    private readonly TimeSpan _processorBefore;

    /// <summary>Measures the device, and begins.</summary>
    /// <param name="name">Of the run.</param>
    /// <param name="compute">Where it computes.</param>
    /// <param name="clock">Time.</param>
    /// <param name="cancellation">Checked while the device is measured.</param>
    public ProfileRun(string name, Compute compute, TimeProvider clock, CancellationToken cancellation)
    {
        (_compute, _clock) = (compute, clock);
        _peak = DevicePeak.Measure(compute, clock, cancellation);
        _recorder = new SpanRecorder(name, clock, compute.Device.type == DeviceType.CUDA ? () => torch.cuda.synchronize(compute.Device) : null);
        Compute = compute with { Kernels = compute.Kernels.ProfiledBy(_recorder) };
        _processorBefore = ProcessorTime();
    }

    /// <summary>What the run is to compute with.</summary>
    public Compute Compute { get; }

    /// <summary>Ends the run and says where its time went.</summary>
    /// <param name="method">Name of the method.</param>
    /// <param name="options">Its options.</param>
    /// <param name="forget">The words of the forget set.</param>
    /// <param name="model">The network, or one of its make.</param>
    public ProfileReport Finish(string method, object options, string forget, Classifier model)
    {
        var spans = _recorder.Finish();
        var environment = RunEnvironment.Current(_compute, _clock, model);
        var processor = (ProcessorTime() - _processorBefore).TotalSeconds;
        // Nothing is known of the layers of a program from elsewhere.
        var multiplyAdds = model is ScriptedClassifier ? 0 : MultiplyAddCount.Of(model, model.Options.Height, model.Options.Width);
        var (images, operations) = ProfileShares.Work(spans, multiplyAdds);
        var shares = ProfileShares.Of(spans, multiplyAdds, _peak.MatrixGflops);
        var gflops = 1e-9 * operations / spans.Seconds;
        var idle = _compute.Device.type == DeviceType.CUDA
            ? shares.Where(share => share.Kind == SpanKind.Phase).Sum(share => share.Share)
            : Math.Clamp(1 - processor / (spans.Seconds * Math.Min(environment.Threads, environment.Cores)), 0, 1);
        return new(environment, method, options, forget, spans.Seconds, _peak, multiplyAdds, images / spans.Seconds, gflops, gflops / _peak.MatrixGflops, idle, shares, spans);
    }

    private static TimeSpan ProcessorTime()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
