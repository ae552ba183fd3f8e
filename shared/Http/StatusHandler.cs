using Microsoft.AspNetCore.Http;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Models;
using OpenClaw.RestApi;
using OpenClaw.Storage;

namespace OpenClaw.Http;

/// <summary>What the service is and how it does.</summary>
public sealed class StatusHandler(
    AgentCatalog agents, ModelCatalog models, GatewayStorage storage, StorageProbe probe, HostTraits host, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    internal static string Version { get; } = typeof(StatusHandler).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>Seconds.</summary>
    internal long Uptime => (long)time.GetElapsedTime(_started).TotalSeconds;

    public async Task<IResult> GetAsync(CancellationToken cancellationToken)
    {
        var reachable = await probe.IsReachableAsync(cancellationToken);
        return new ApiResult<ServiceStatus>(
            new ServiceStatus(
                reachable ? "ok" : "degraded", Version, Uptime, host.IsWorker ? "functions" : "self-host",
                [.. agents.All.Select(a => new AgentStatus(a.Id, a.Name, a.Id == agents.Default.Id, ModelOf(a)))],
                ModelOf(agents.Default),
                reachable ? "connected" : storage.IsConfigured ? "unreachable" : "not_configured"),
            RestJson.Default.ServiceStatus);
    }

    private string ModelOf(Agent agent) => agent.Models.Count > 0 ? agent.Models[0] : models.DefaultReference;
}
