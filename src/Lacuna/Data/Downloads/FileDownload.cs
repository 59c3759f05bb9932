using System.Net;
using System.Net.Http.Headers;

namespace Lacuna.Data.Downloads;

/// <summary>Downloads one file over HTTP: goes on where an earlier try stopped, and puts the file in place only when its hash is the published one.</summary>
/// <param name="client">Without a time limit of its own: a large file may take hours.</param>
/// <param name="stall">How long a server may send nothing.</param>
/// <param name="progress">Told of the bytes.</param>
public sealed class FileDownload(HttpClient client, TimeSpan stall, IProgress<DownloadProgress> progress)
{
    /// <summary>What a file is called until it is whole and checked.</summary>
    public const string PartSuffix = ".part";

    private const int Piece = 1 << 16;

    // A connection that breaks is taken up again while each try brings something.
    private const int MostTries = 20;

    /// <summary>A client as downloads want it.</summary>
    public static HttpClient NewClient() => new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(30), AutomaticDecompression = DecompressionMethods.None }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Downloads a file.</summary>
    /// <param name="file">What it must be.</param>
    /// <param name="address">Where it is.</param>
    /// <param name="target">Its path; what has come so far stands beside it with <see cref="PartSuffix"/>.</param>
    /// <param name="cancellation">Ends it; what has come stays.</param>
    /// <exception cref="DownloadException">It cannot be had, or is another.</exception>
    public async Task RunAsync(PublicFile file, Uri address, string target, CancellationToken cancellation)
    {
        var part = target + PartSuffix;
        for (var tries = 1; ; tries++)
        {
            var before = LengthOf(part);
            try
            {
                if (before < file.Bytes) await Receive(file, address, part, before, cancellation);
                break;
            }
            catch (Exception e) when (e is (HttpRequestException or IOException or UnauthorizedAccessException) and not DownloadException)
            {
                var now = LengthOf(part);
                if (now > before && tries < MostTries) continue;
                throw new DownloadException(now == 0
                    ? $"{address} cannot be had ({e.Message.TrimEnd('.')}). {Otherwise(file, address, target)}"
                    : $"{address} broke off after {now} of {file.Bytes} bytes ({e.Message.TrimEnd('.')}). Run this again: it goes on there. {Otherwise(file, address, target)}", e);
            }
        }
        try
        {
            CheckHash(file, part, $"What came was deleted. {Otherwise(file, address, target)} Expected the published file");
        }
        catch
        {
            File.Delete(part);
            throw;
        }
        File.Move(part, target, overwrite: true);
    }

    internal static void CheckHash(PublicFile file, string path, string advice)
    {
        var hash = DataHome.HashOf(path);
        if (hash != file.Sha256) throw new DownloadException($"{path}: has the SHA-256 {hash}, not {file.Sha256}, so it is not the published {file.Name}. {advice}.");
    }

    private async Task Receive(PublicFile file, Uri address, string part, long have, CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(stall);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (have > 0) request.Headers.Range = new RangeHeaderValue(have, null);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
            var at = Begin(file, address, response, have);
            await using var input = await response.Content.ReadAsStreamAsync(silence.Token);
            await using var output = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            output.SetLength(at);
            output.Position = at;
            var buffer = new byte[Piece];
            while (true)
            {
                silence.CancelAfter(stall);
                var count = await input.ReadAsync(buffer, silence.Token);
                if (count == 0) break;
                at += count;
                if (at > file.Bytes) throw new DownloadException($"{address} sends more than the {file.Bytes} bytes of the published {file.Name}. It is another file; bring it from elsewhere.");
                await output.WriteAsync(buffer.AsMemory(0, count), silence.Token);
                progress.Report(new(file.Name, at, file.Bytes));
            }
            if (at < file.Bytes) throw new IOException("the server ended the connection");
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException(FormattableString.Invariant($"the server sent nothing for {stall.TotalSeconds:0} s"), e);
        }
    }

    /// <summary>Where in the file the answer begins, after a look at whether it is an answer at all.</summary>
    private static long Begin(PublicFile file, Uri address, HttpResponseMessage response, long have)
    {
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
            throw new HttpRequestException($"the server answers {(int)response.StatusCode} {response.ReasonPhrase}");
        if (response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml")
            throw new HttpRequestException("the server answers with a web page, perhaps one that wants a login or a confirmation");
        var range = response.Content.Headers.ContentRange;
        var begin = response.StatusCode == HttpStatusCode.OK ? 0 : range?.From ?? -1;
        if (begin != 0 && begin != have) throw new HttpRequestException($"asked for the bytes from {have} on, the server sends others");
        var whole = range?.Length ?? (response.Content.Headers.ContentLength is { } length ? begin + length : file.Bytes);
        return whole == file.Bytes ? begin : throw new DownloadException($"{address} has {whole} bytes where the published {file.Name} has {file.Bytes}. It is another file; bring it from elsewhere.");
    }

    private static string Otherwise(PublicFile file, Uri address, string target) =>
        $"Or bring the file another way: put {(address == file.Address ? address : $"{file.Address} or a copy of it")} at {target} and run this again; it is checked{(target.EndsWith(".tar.gz", StringComparison.Ordinal) ? " and unpacked" : "")}.";

    private static long LengthOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}
