namespace Lacuna.Data;

/// <summary>Prepares the next item in the background while the consumer has the present one.</summary>
internal static class Ahead
{
    /// <summary>
    /// finish(item, prepare(item)) for every item, in order. prepare runs on other threads, one item ahead; finish on the consumer's, after which what was prepared is disposed of. An
    /// exception of prepare comes out where its item would have. A consumer that stops early waits for the item under way, and nothing is left of it.
    /// </summary>
    public static IEnumerable<TResult> Of<T, TPrepared, TResult>(IEnumerable<T> items, Func<T, TPrepared> prepare, Func<T, TPrepared, TResult> finish) where TPrepared : IDisposable
    {
        using var source = items.GetEnumerator();
        Task<TPrepared>? next = null;
        try
        {
            for (var more = source.MoveNext(); more;)
            {
                var item = source.Current;
                next ??= Start(item);
                var present = next.GetAwaiter().GetResult();
                next = null;
                TResult result;
                using (present)
                {
                    more = source.MoveNext();
                    if (more) next = Start(source.Current);
                    result = finish(item, present);
                }
                yield return result;
            }
        }
        finally
        {
            if (next is not null)
            {
                // Nobody asked for this item, so nobody hears of its exception.
                Task.WhenAny(next).Wait();
                if (next.IsCompletedSuccessfully) next.Result.Dispose();
            }
        }

        Task<TPrepared> Start(T item) => Task.Run(() => prepare(item));
    }
}
