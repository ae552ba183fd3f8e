using Microsoft.Extensions.Hosting;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Events;

/// <summary>Has the list of sessions watched while clients of this process want its changes.</summary>
internal sealed class ForeignSessions(ConnectionHub hub, SessionListWatch watch) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        hub.Looking += LookAsync;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        hub.Looking -= LookAsync;
        return Task.CompletedTask;
    }

    private Task LookAsync() => watch.LookAsync(hub.HasAudience(EventTopic.Sessions, Scope.OperatorRead), CancellationToken.None);
}
