using Microsoft.Extensions.Hosting;
using OpenClaw.Configuration;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Methods.Config;

/// <summary>Tells clients that another configuration is in force in this process.</summary>
internal sealed class ConfigEvents(GatewayConfigStore config, ConfigView view, EventBus bus, TimeProvider time) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        config.Changed += OnChanged;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        config.Changed -= OnChanged;
        return Task.CompletedTask;
    }

    private void OnChanged(GatewayConfig current)
    {
        try
        {
            bus.Publish(ControlEvent.Of(
                EventNames.ConfigChanged, EventTopic.Scoped, Scope.OperatorRead,
                FrameWriter.Json(
                    new ConfigChangedPayload(view.Path, view.HashOf(view.ReadText()), time.GetUtcNow().ToUnixTimeMilliseconds()),
                    EventsJson.Default.ConfigChangedPayload)));
        }
        catch (RpcException)
        {
            // The file is gone again; its next version is announced.
        }
    }
}
