using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenClaw.Outbound;

namespace OpenClaw.Tests.Support;

/// <summary>
/// The outside network of a gateway: host names with public addresses, behind which tests answer over real sockets and TLS on loopback.
/// What is looked up and dialled is on record.
/// <code>
/// await using var internet = await FakeInternet.StartAsync();
/// internet.Serve("files.example.com", context => context.Response.WriteAsync("hello"));
/// await using var gateway = await GatewayHost.StartAsync(services: internet.Install);
/// …
/// Assert.Empty(internet.Dials);
/// </code>
/// </summary>
public sealed class FakeInternet : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly FakeAuthority _authority = new();
    private readonly ConcurrentDictionary<string, RequestDelegate> _sites = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Func<PipeWriter, CancellationToken, Task>> _rawSites = new(
        StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Func<CancellationToken, Task<IPAddress[]>>> _names = new(
        StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<IPAddress, bool> _servers = new();
    private readonly ConcurrentQueue<IPEndPoint> _dials = new();
    private readonly ConcurrentQueue<string> _lookups = new();
    private readonly ConcurrentQueue<FakeRequest> _requests = new();
    private int _lastAddress;

    private FakeInternet(WebApplication app)
    {
        _app = app;
        Network = new(LookUpAsync, DialAsync) { TrustedRoots = [_authority.Root] };
    }

    public OutboundNetwork Network { get; }

    /// <summary>Every connection that was begun, with the address that was asked for.</summary>
    public IReadOnlyList<IPEndPoint> Dials => [.. _dials];

    /// <summary>Every host name that was asked for.</summary>
    public IReadOnlyList<string> Lookups => [.. _lookups];

    /// <summary>What arrived at sites, except raw ones.</summary>
    public IReadOnlyList<FakeRequest> Requests => [.. _requests];

    /// <summary>Says of a connection who is at its other end; by default who was dialled.</summary>
    public Func<IPEndPoint, IPEndPoint?> Remote { get; set; } = dialled => dialled;

    public static async Task<FakeInternet> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        FakeInternet? internet = null;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, plain => plain.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, secure =>
            {
                secure.UseHttps(new TlsHandshakeCallbackOptions
                {
                    OnConnection = hello => ValueTask.FromResult(internet!._authority.OptionsOf(hello.ClientHelloInfo.ServerName)),
                });
                secure.Use(next => connection => internet!.ServeAsync(connection, next));
            });
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        var app = builder.Build();
        internet = new FakeInternet(app);
        app.Run(internet.HandleAsync);
        await app.StartAsync();
        return internet;
    }

    /// <summary>Makes it the network of a gateway under test.</summary>
    public void Install(IServiceCollection services) => services.AddSingleton(Network);

    /// <summary>A host that answers, at a public address of its own.</summary>
    public FakeInternet Serve(string host, RequestDelegate site)
    {
        _sites[host] = site;
        Place(host);
        return this;
    }

    /// <summary>A host that, once it has read the head of a request, sends bytes as the test likes, over TLS.</summary>
    public FakeInternet ServeRaw(string host, Func<PipeWriter, CancellationToken, Task> site)
    {
        _rawSites[host] = site;
        Place(host);
        return this;
    }

    /// <summary>Gives the host another certificate than a good one.</summary>
    public FakeInternet Certify(string host, FakeCertificate certificate, string? issuerAddress = null)
    {
        _authority.Certify(host, certificate, issuerAddress);
        return this;
    }

    /// <summary>Lookup by lookup what a name resolves to, addresses separated by blanks; the last answer stays.</summary>
    public FakeInternet Resolve(string host, params string[] answers)
    {
        var lookups = -1;
        return Resolve(host, _ => Task.FromResult<IPAddress[]>(
            [.. answers[Math.Min(Interlocked.Increment(ref lookups), answers.Length - 1)].Split(
                ' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)]));
    }

    public FakeInternet Resolve(string host, Func<CancellationToken, Task<IPAddress[]>> answer)
    {
        _names[host] = answer;
        return this;
    }

    /// <summary>Puts the names of a case where it wants them.</summary>
    public FakeInternet Play(SsrfCase attack)
    {
        var host = attack.Url.Split("://") is [_, var rest, ..] ? rest.Split('/', ':')[0].Trim() : "";
        foreach (var name in attack.Answers.Length == 0 ? [] : new[] { host, "public.example.com" }.Where(name => name.Length > 0))
        {
            Resolve(name, attack.Answers);
        }

        return this;
    }

    /// <summary>The address of a host that answers.</summary>
    public async Task<IPAddress> AddressOfAsync(string host) => (await _names[host](default))[0];

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _authority.Dispose();
    }

    private void Place(string host)
    {
        var address = new IPAddress([93, 184, 216, (byte)Interlocked.Increment(ref _lastAddress)]);
        _servers[address] = true;
        Resolve(host, address.ToString());
    }

    /// <summary>Like a resolver of the system it also takes addresses, in all their spellings.</summary>
    private Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken)
    {
        _lookups.Enqueue(host);
        return _names.TryGetValue(host, out var answer) ? answer(cancellationToken)
            : IPAddress.TryParse(host, out var address) ? Task.FromResult<IPAddress[]>([address])
            : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
    }

    private async Task<OutboundConnection> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        _dials.Enqueue(address);
        if (!_servers.ContainsKey(address.Address))
        {
            throw new SocketException((int)SocketError.ConnectionRefused);
        }

        var ports = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(
            a => new Uri(a).Port).ToList();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, ports[address.Port == 80 ? 0 : 1]), cancellationToken);
        return new(new NetworkStream(socket, ownsSocket: true), Remote(address));
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _requests.Enqueue(new(
            context.Request.Method,
            context.Request.Host.Value!,
            context.Request.Path.Value + context.Request.QueryString,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Encoding.UTF8.GetString(body.ToArray())));
        if (_sites.TryGetValue(context.Request.Host.Host, out var site))
        {
            await site(context);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        }
    }

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (!_rawSites.TryGetValue(connection.Features.Get<ITlsHandshakeFeature>()?.HostName ?? "", out var site))
        {
            await next(connection);
            return;
        }

        while (true)
        {
            var read = await connection.Transport.Input.ReadAsync(connection.ConnectionClosed);
            var head = Encoding.ASCII.GetString(read.Buffer.ToArray());
            connection.Transport.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted || head.Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                break;
            }
        }

        await site(connection.Transport.Output, connection.ConnectionClosed);
        await connection.Transport.Output.CompleteAsync();
    }
}

/// <summary>A request as it arrived at a site of the <see cref="FakeInternet"/>.</summary>
public sealed record FakeRequest(string Method, string Host, string Target, IReadOnlyDictionary<string, string> Headers, string Body);
