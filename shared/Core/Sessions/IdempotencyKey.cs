using OpenClaw.Security;

namespace OpenClaw.Sessions;

/// <summary>A caller's name for one request, so that repeating it does nothing twice.</summary>
/// <param name="Subject">Subject of the caller.</param>
/// <param name="Route">The operation, such as <c>POST /v1/responses</c>.</param>
/// <param name="Key">1 to 256 characters, chosen by the caller.</param>
/// <param name="RequestHash">Shows that another request under the same key is not the same request.</param>
public sealed record IdempotencyKey(string Subject, string Route, string Key, string RequestHash)
{
    public const int MaxLength = 256;

    internal string Partition { get; } = Secret.HashName("idempotency", Subject, Route, Key);

    /// <summary>The key of the session that a request without one gets, so that a repeated request finds it.</summary>
    public string SessionName(string agent) => SessionName(agent, Partition);

    internal static string SessionName(string agent, string partition) => $"agent:{agent}:once:{partition[..32].ToLowerInvariant()}";
}
