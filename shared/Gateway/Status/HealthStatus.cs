namespace OpenClaw.Gateway.Status;

/// <summary>Body of liveness and readiness answers.</summary>
/// <param name="Status"><c>ok</c>, <c>started</c>, <c>ready</c> or <c>unready</c>.</param>
/// <param name="Ok">The same as a flag, as OpenClaw sends it.</param>
internal sealed record HealthStatus(string Status, bool Ok)
{
    /// <summary>What is missing; only when not ready.</summary>
    public IReadOnlyList<string>? Reasons { get; init; }
}
