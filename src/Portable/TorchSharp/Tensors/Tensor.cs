using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices.Marshalling;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// An array of numbers on a device, with its place in the autograd graph. Owns one at::Tensor; several tensors may share
    /// one storage. Not to be disposed of by one thread while another uses it.
    /// </summary>
    [NativeMarshalling(typeof(TensorMarshaller))]
    public partial class Tensor : IDisposable
    {
        // Below this, what a tensor holds does not matter to the garbage collector's choice of moment.
        private const long PressureThreshold = 1 << 16;

        private nint handle;
        private long pressure;
        private bool disposed;

        /// <summary>Takes ownership of an at::Tensor*; 0 makes a tensor that <see cref="IsInvalid"/>.</summary>
        internal Tensor(nint handle)
        {
            this.handle = handle;
            if (handle == 0)
            {
                GC.SuppressFinalize(this);
                return;
            }
            if (DisposeScopeManager.Current is { } scope)
                scope.Adopt(this);
            else
                AddPressure();
        }

        ~Tensor() => Release();

        /// <summary>The at::Tensor*, as in the official package. Throws when there is none (any more).</summary>
        public nint Handle => handle != 0 ? handle : throw Invalid();

        /// <summary>True after disposal, and for the gradient of an input that the outputs do not depend on.</summary>
        public bool IsInvalid => handle == 0;

        /// <summary>How many tensors live in the whole process.</summary>
        public static long TotalCount
        {
            get
            {
                Native.Check(Native.lt_live_tensors(out long count));
                return count;
            }
        }

        internal DisposeScope? OwningDisposeScope { get; set; }

        // Where this stands in its scope's list.
        internal int PlaceInScope { get; set; }

        public void Dispose()
        {
            OwningDisposeScope?.MarkAsDisposed(this);
            Dispose(disposing: true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing) => Release();

        /// <summary>Gives up the at::Tensor*, which the caller now owns; this tensor becomes invalid.</summary>
        public nint DecoupleFromNativeHandle()
        {
            nint taken = Handle;
            OwningDisposeScope?.MarkAsDisposed(this);
            Forget();
            GC.SuppressFinalize(this);
            return taken;
        }

        /// <summary>No scope will dispose of it any more.</summary>
        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        /// <summary>Hands it to the scope around its own; outside any scope it stays outside.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is { } own)
                own.MoveToOther(other, this);
            else
                other?.Attach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        /// <summary>Shape, type and device, such as "[2x3], type = Float32, device = cpu"; never the values of more than one element.</summary>
        public override string ToString()
        {
            if (IsInvalid)
                return "(invalid tensor)";
            string text = string.Create(CultureInfo.InvariantCulture, $"[{string.Join('x', shape)}], type = {dtype}, device = {device}");
            return ndim > 0 || device_type == DeviceType.META ? text : string.Create(CultureInfo.InvariantCulture, $"{text}, value = {ReadItem().Real}");
        }

        private void AddPressure()
        {
            Native.Check(Native.lt_nbytes(this, out long bytes));
            if (bytes < PressureThreshold)
                return;
            pressure = bytes;
            GC.AddMemoryPressure(bytes);
        }

        // Also the finaliser's way: touches no scope, whose list belongs to another thread.
        private void Release()
        {
            nint taken = Forget();
            if (taken != 0)
                Native.lt_release(taken);
        }

        private nint Forget()
        {
            nint taken = Interlocked.Exchange(ref handle, 0);
            disposed = true;
            if (pressure > 0)
                GC.RemoveMemoryPressure(pressure);
            pressure = 0;
            return taken;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private InvalidOperationException Invalid() => disposed
            ? new ObjectDisposedException(GetType().Name, "This tensor was disposed of, or its scope was: detach or move what must outlive a dispose scope.")
            : new InvalidOperationException("This tensor stands for no value: it is the gradient of an input that the outputs do not depend on.");
    }
}
