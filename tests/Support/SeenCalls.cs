using System.Collections.Concurrent;

namespace OpenClaw.Tests.Support;

/// <summary>Notes which requests a gateway sends to its storage.</summary>
/// <param name="matches">By the path and the body; null notes all.</param>
internal sealed class SeenCalls(Func<string, string, bool>? matches = null)
    : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    private readonly ConcurrentQueue<string> _seen = new();

    /// <summary>Method and path of each.</summary>
    public IReadOnlyCollection<string> Seen => [.. _seen];

    public void Reset() => _seen.Clear();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        if (matches?.Invoke(path, body) != false)
        {
            _seen.Enqueue($"{request.Method} {path}");
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
