using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs.Durable;
using OpenClaw.Storage;

namespace OpenClaw.Gateway.Status;

/// <summary>Liveness says that the process answers, readiness that it can do its work. Neither shows details.</summary>
public sealed class HealthHandler(StorageProbe storage, GatewayConfigStore config, Shutdown shutdown)
{
    public static IResult Live() => Answer(new HealthStatus("ok", true));

    public static IResult Started() => Answer(new HealthStatus("started", true));

    /// <summary>200 when storage answers, credentials are configured and the host is not stopping, else 503 with the reasons.</summary>
    public async Task<IResult> ReadyAsync(CancellationToken cancellationToken)
    {
        var reasons = new List<string>();
        if (shutdown.HasBegun)
        {
            reasons.Add("stopping");
        }

        if (!await storage.IsReachableAsync(cancellationToken))
        {
            reasons.Add("storage_unavailable");
        }

        if (new Security.AuthSettings(config.Current).Mode == Security.AuthMode.Unconfigured)
        {
            reasons.Add(config.IsInvalid ? "configuration_invalid" : "auth_not_configured");
        }

        return reasons.Count == 0
            ? Answer(new HealthStatus("ready", true))
            : Answer(new HealthStatus("unready", false) { Reasons = reasons }, StatusCodes.Status503ServiceUnavailable);
    }

    private static JsonResult<HealthStatus> Answer(HealthStatus status, int code = StatusCodes.Status200OK) =>
        new(status, HttpJson.Default.HealthStatus, code);
}
