using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs.Durable;
using OpenClaw.Storage;

namespace OpenClaw.Gateway.Status;

/// <summary>Body of liveness and readiness answers.</summary>
/// <param name="Status"><c>ok</c>, <c>started</c>, <c>ready</c> or <c>unready</c>.</param>
/// <param name="Ok">The same as a flag, as OpenClaw sends it.</param>
public sealed record HealthStatus(string Status, bool Ok)
{
    /// <summary>What is missing; only when not ready.</summary>
    public IReadOnlyList<string>? Reasons { get; init; }
}

/// <summary>Liveness says that the process answers, readiness that it can do its work. Neither shows details.</summary>
public sealed class HealthHandler(StorageProbe storage, GatewayConfigStore config, Shutdown shutdown)
{
    public static IResult Live() => Answer(new HealthStatus("ok", true));

    public static IResult Started() => Answer(new HealthStatus("started", true));

    /// <summary>200 when storage answers, credentials are configured and the host is to stay, else 503 with the reasons.</summary>
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

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthStatus))]
public sealed partial class HttpJson : JsonSerializerContext;
