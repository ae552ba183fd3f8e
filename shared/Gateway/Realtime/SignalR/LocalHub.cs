using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.SignalR;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>The self-host's own hub for SignalR clients, at the path that SignalR Service has too. It is a small application of its own, made
/// when the first client comes: most gateways never need it, and it would cost start-up time.</summary>
public sealed class LocalHub : IAsyncDisposable
{
    public const string Path = "client";

    private readonly HostTraits _host;
    private readonly Lazy<(ServiceProvider Services, RequestDelegate Run)> _application;

    internal LocalHub(
        HostTraits host, ControlPlane plane, LocalTickets tickets, RealtimeRights rights,
        IHostApplicationLifetime lifetime, ILoggerFactory loggers)
    {
        _host = host;
        _application = new(() => Build(services => services
            .AddSingleton(plane).AddSingleton(tickets).AddSingleton(rights)
            .AddSingleton(lifetime).AddSingleton(loggers)));
    }

    /// <exception cref="GatewayException"><c>404 not_found</c>: under the Functions host clients connect to SignalR Service.</exception>
    public IResult Connect(HttpRequest request) => !_host.IsWorker ? new HubResult(_application.Value.Run)
        : throw new GatewayException(GatewayError.NotFound());

    public ValueTask DisposeAsync() => _application.IsValueCreated ? _application.Value.Services.DisposeAsync() : ValueTask.CompletedTask;

    private static (ServiceProvider, RequestDelegate) Build(Action<IServiceCollection> share)
    {
        var services = new ServiceCollection();
        share(services);
        services.AddLogging();
        services.AddSingleton(new DiagnosticListener("OpenClaw.Hub"));
        services.AddSignalR(static hub => hub.MaximumReceiveMessageSize = ControlPolicy.MaxPayload)
            .AddJsonProtocol(static json => json.PayloadSerializerOptions.TypeInfoResolver = HubJson.Default);
        var provider = services.BuildServiceProvider();
        var app = new ApplicationBuilder(provider);
        app.UseRouting();
        app.UseEndpoints(static endpoints => endpoints.MapHub<ControlPlaneHub>("/" + Path));
        return (provider, app.Build());
    }

    /// <summary>Hands the request on to the hub's application.</summary>
    private sealed class HubResult(RequestDelegate run) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.SetEndpoint(null);
            httpContext.Request.RouteValues.Clear();
            return run(httpContext);
        }
    }
}
