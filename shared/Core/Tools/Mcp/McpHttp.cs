using System.Net;
using OpenClaw.Configuration;
using OpenClaw.Outbound;

namespace OpenClaw.Tools.Mcp;

/// <summary>HTTP to one server: to the configured origin only, since its headers are meant for no other; what it sends is
/// bounded.</summary>
internal sealed class McpHttp : DelegatingHandler
{
    private const int MostRedirects = 3;

    private const string SessionHeader = "Mcp-Session-Id";

    private readonly Uri _site;
    private readonly McpAllowance _allowance;

    private McpHttp(Uri site, McpAllowance allowance, HttpMessageHandler connections)
        : base(connections) => (_site, _allowance) = (site, allowance);

    /// <param name="server">One with a URL.</param>
    public static HttpClient Create(McpServerSection server, McpAllowance allowance, OutboundNetwork network, TimeProvider time) =>
        new(new McpHttp(new Uri(server.Url!), allowance, new GuardedConnections(network, time, allowsPrivate: true).CreateHandler()))
        {
            Timeout = Timeout.InfiniteTimeSpan, // each request has its own end
        };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Get && !_allowance.TakeStream())
        {
            return new HttpResponseMessage(HttpStatusCode.MethodNotAllowed) { RequestMessage = request };
        }

        if (request.Content is { } content)
        {
            await content.LoadIntoBufferAsync(cancellationToken); // a redirect sends it again
        }

        for (var redirects = 0; ; redirects++)
        {
            Check(request.RequestUri!);
            var answer = await base.SendAsync(request, cancellationToken);
            if (answer.StatusCode is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
                && redirects < MostRedirects && answer.Headers.Location is { } location)
            {
                answer.Dispose();
                request.RequestUri = new Uri(request.RequestUri!, location);
                continue;
            }

            if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest && request.Method == HttpMethod.Post
                && request.Headers.Contains(SessionHeader))
            {
                answer.Dispose();
                throw new McpServerException("It has lost the session.") { IsSessionLost = true };
            }

            answer.Content = Bound(answer.Content);
            return answer;
        }
    }

    private void Check(Uri url)
    {
        if (!url.Scheme.Equals(_site.Scheme, StringComparison.Ordinal) || url.Port != _site.Port
            || !url.IdnHost.Equals(_site.IdnHost, StringComparison.OrdinalIgnoreCase))
        {
            throw new HttpRequestException("The MCP server leads to another origin than the configured one.");
        }
    }

    private StreamContent Bound(HttpContent content)
    {
        var bounded = new StreamContent(new Opening(content, _allowance));
        foreach (var (name, values) in content.Headers.NonValidated)
        {
            bounded.Headers.TryAddWithoutValidation(name, values);
        }

        return bounded;
    }

    /// <summary>The body of an answer, opened when it is first read.</summary>
    private sealed class Opening(HttpContent content, McpAllowance allowance) : Text.ReadStream
    {
        private Stream? _body;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _body ??= new McpStream(await content.ReadAsStreamAsync(cancellationToken), allowance);
            return await _body.ReadAsync(buffer, cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                content.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
