namespace TorchSharp;

public static partial class torch
{
    /// <summary>One entry between the brackets of <c>tensor[...]</c>, with the meaning it has in Python.</summary>
    public readonly struct TensorIndex
    {
        // As in Shapes.cpp.
        private enum Kind : long { None, Ellipsis, Single, Slice, Bool, Tensor }

        private const long NotGiven = long.MinValue;

        private readonly Kind kind;
        private readonly long start, stop, step;
        private readonly Tensor? by;

        private TensorIndex(Kind kind, long start = 0, long stop = 0, long step = 0, Tensor? by = null)
        {
            this.kind = kind;
            this.start = start;
            this.stop = stop;
            this.step = step;
            this.by = by;
        }

        /// <summary><c>None</c>: a new dimension of size 1.</summary>
        public static readonly TensorIndex Null = new(Kind.None);

        /// <summary>The same as <see cref="Null"/>.</summary>
        public static readonly TensorIndex None = new(Kind.None);

        /// <summary><c>...</c>: as many whole dimensions as are left.</summary>
        public static readonly TensorIndex Ellipsis = new(Kind.Ellipsis);

        /// <summary><c>:</c>, a whole dimension.</summary>
        public static readonly TensorIndex Colon = Slice();

        public static TensorIndex Single(long? index) => index is { } i ? new(Kind.Single, i) : Null;

        public static TensorIndex Bool(bool value) => new(Kind.Bool, value ? 1 : 0);

        /// <summary>Chosen by whole numbers, or by a mask of truth values.</summary>
        public static TensorIndex Tensor(Tensor tensor) => new(Kind.Tensor, by: tensor);

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new(Kind.Slice, start ?? NotGiven, stop ?? NotGiven, step ?? NotGiven);

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        public static TensorIndex Slice(Range range)
        {
            long? stop = range.End is { IsFromEnd: true, Value: 0 } ? null : Signed(range.End);
            return range.Start is { IsFromEnd: true, Value: 0 } ? Slice(long.MaxValue, stop) : Slice(Signed(range.Start), stop);
        }

        public static implicit operator TensorIndex(long value) => Single(value);
        public static implicit operator TensorIndex(Index index) => Single(Signed(index));
        public static implicit operator TensorIndex(Range range) => Slice(range);
        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        /// <summary>
        /// The tensor behind an index by tensor; throws for every other kind. It is there to make a plain number between brackets
        /// a <see cref="TensorIndex"/> rather than a <see cref="torch.Tensor"/>, both of which it could become.
        /// </summary>
        public static implicit operator Tensor(TensorIndex value) =>
            value.by ?? throw new InvalidOperationException($"An index of kind {value.kind} is no tensor.");

        // ^k counts from the end, as -k does in Python.
        private static long Signed(Index index) => index.IsFromEnd ? -(long)index.Value : index.Value;

        internal Native.Index ToNative() => new((long)kind, start, stop, step, by is null ? 0 : by.Handle);
    }
}
