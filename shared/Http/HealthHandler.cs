using Microsoft.AspNetCore.Http;

namespace OpenClaw.Http;

/// <summary>Liveness and readiness answers.</summary>
public sealed class HealthHandler
{
    /// <summary>The process answers. Body: <c>{"status":"ok","ok":true}</c>.</summary>
    public static IResult Live() => TypedResults.Text("{\"status\":\"ok\",\"ok\":true}", "application/json");
}
