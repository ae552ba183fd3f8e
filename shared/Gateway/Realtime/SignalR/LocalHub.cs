using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;
using OpenClaw.Security.Limits;
using OpenClaw.SignalR;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>The self-host's own hub for SignalR clients, at the path that SignalR Service has too. It is a small application of its own,
/// made when the first client comes: most gateways never need it, and it would cost start-up time.</summary>
public sealed class LocalHub : IAsyncDisposable
{
    public const string Path = "client";

    private readonly HostTraits _host;
    private readonly LocalTickets _tickets;
    private readonly RealtimeRights _rights;
    private readonly Lazy<(ServiceProvider Services, RequestDelegate Run)> _application;

    internal LocalHub(
        HostTraits host, ControlPlane plane, LocalTickets tickets, RealtimeRights rights, BodyBudget bodies,
        IHostApplicationLifetime lifetime, ILoggerFactory loggers)
    {
        (_host, _tickets, _rights) = (host, tickets, rights);
        _application = new(() => Build(services => services
            .AddSingleton(plane).AddSingleton(rights).AddSingleton(bodies)
            .AddSingleton(lifetime).AddSingleton(loggers)));
    }

    /// <exception cref="GatewayException"><c>404 not_found</c>: under the Functions host clients connect to SignalR Service; <c>401
    /// invalid_api_key</c>: the token is not of this gateway, or its time or credential is over; <c>503
    /// storage_unavailable</c>.</exception>
    public async Task<IResult> ConnectAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (_host.IsWorker || request.Query["hub"] != SignalRService.Hub)
        {
            throw new GatewayException(GatewayError.NotFound());
        }

        var token = Authenticator.TryReadBearer(request, out var bearer) ? bearer : PageQuery.ReadText(request.Query, "access_token");
        var ticket = token is null ? null : await _tickets.ReadAsync(token, cancellationToken);
        var caller = ticket is null ? null : await _rights.FindAsync(ticket.Grant, cancellationToken);
        if (caller is null)
        {
            throw new GatewayException(GatewayError.Unauthorized("Connect with the token of /negotiate; this one is not valid."));
        }

        request.HttpContext.Items[typeof(Negotiated)] = new Negotiated(ticket!, caller); // features are lost in long polling
        return new HubResult(_application.Value.Run);
    }

    public ValueTask DisposeAsync() => _application.IsValueCreated ? _application.Value.Services.DisposeAsync() : ValueTask.CompletedTask;

    private static (ServiceProvider, RequestDelegate) Build(Action<IServiceCollection> share)
    {
        var services = new ServiceCollection();
        share(services);
        services.AddLogging();
        services.AddSingleton(new DiagnosticListener("OpenClaw.Hub"));
        services.AddSignalR(static hub =>
        {
            hub.MaximumReceiveMessageSize = ControlPolicy.MaxPayload;
            hub.MaximumParallelInvocationsPerClient = ControlPolicy.MaxConcurrentRequests;
        })
            .AddJsonProtocol(static json => json.PayloadSerializerOptions.TypeInfoResolver = HubJson.Default);
        var provider = services.BuildServiceProvider();
        var app = new ApplicationBuilder(provider);
        app.UseRouting();
        app.UseEndpoints(static endpoints => endpoints.MapHub<ControlPlaneHub>("/" + Path));
        return (provider, app.Build());
    }

    /// <summary>The client of a request, for the hub.</summary>
    internal sealed record Negotiated(RealtimeTicket Ticket, Caller Caller);

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
