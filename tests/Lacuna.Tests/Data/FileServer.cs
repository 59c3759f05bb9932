using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lacuna.Tests.Data;

/// <summary>An HTTP server on this machine that answers as it is told, also wrongly: one connection a request.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, long?, Answer> _answer;

    /// <param name="answer">Given the path and the first byte asked for, where a range is asked for.</param>
    public FileServer(Func<string, long?, Answer> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = Serve();
    }

    /// <summary>What is answered.</summary>
    /// <param name="Status">Code and words.</param>
    /// <param name="Body">The content.</param>
    /// <param name="Headers">More headers, each with a line end.</param>
    /// <param name="CutAfter">Bytes of the body after which the connection is closed; null for all.</param>
    /// <param name="Hang">Whether the connection then stays open and silent.</param>
    public sealed record Answer(string Status, byte[] Body, string Headers = "", int? CutAfter = null, bool Hang = false);

    /// <summary>Beginning of every address.</summary>
    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>First bytes asked for, a request each; null where no range was asked for.</summary>
    public List<long?> Asked { get; } = [];

    /// <summary>Serves a content as RFC 9110 has it, with ranges.</summary>
    public static Answer Ranges(byte[] content, long? from) => from is { } first
        ? new("206 Partial Content", content[(int)first..], $"Content-Range: bytes {first}-{content.Length - 1}/{content.Length}\r\n")
        : new("200 OK", content);

    public void Dispose() => _listener.Dispose();

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                var path = (await reader.ReadLineAsync())!.Split(' ')[1];
                long? from = null;
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase)) from = long.Parse(line["Range: bytes=".Length..].TrimEnd('-'));
                }
                Asked.Add(from);
                var answer = _answer(path, from);
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {answer.Status}\r\nContent-Length: {answer.Body.Length}\r\nConnection: close\r\n{answer.Headers}\r\n"));
                await stream.WriteAsync(answer.Body.AsMemory(0, answer.CutAfter ?? answer.Body.Length));
                await stream.FlushAsync();
                if (answer.Hang) await Task.Delay(2000);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}
