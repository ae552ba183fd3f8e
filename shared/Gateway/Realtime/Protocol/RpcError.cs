using OpenClaw.Errors;

namespace OpenClaw.Gateway.Realtime.Protocol;

/// <summary>Error of a response frame.</summary>
internal sealed record RpcError(string Code, string Message)
{
    public const string InvalidRequest = "INVALID_REQUEST";
    public const string Forbidden = "FORBIDDEN";
    public const string NotPaired = "NOT_PAIRED";
    public const string Unavailable = "UNAVAILABLE";

    public RpcErrorDetails? Details { get; init; }

    public bool Retryable { get; init; }

    public long? RetryAfterMs { get; init; }

    /// <summary>A failure of the gateway in the protocol's words.</summary>
    public static RpcError Of(GatewayError error) => error.MissingScopeName is { } scope
        ? MissingScope(scope)
        : new RpcError(
            error.Status switch { 403 => Forbidden, 408 or 429 or >= 500 => Unavailable, _ => InvalidRequest }, error.Message)
        {
            Details = new RpcErrorDetails { Code = error.Code.ToUpperInvariant(), Param = error.Param },
            Retryable = error.Status is 408 or 409 or 429 or >= 500,
            RetryAfterMs = error.RetryAfter is { } after ? (long)after.TotalMilliseconds : null,
        };

    public static RpcError MissingScope(string scope) => new(Forbidden, $"missing scope: {scope}")
    {
        Details = new RpcErrorDetails { Code = "MISSING_SCOPE", MissingScope = scope, RequiredScopes = [scope] },
    };
}

/// <summary>What clients act on; each error sets the fields that it needs.</summary>
internal sealed record RpcErrorDetails
{
    public required string Code { get; init; }

    public string? Param { get; init; }

    public string? MissingScope { get; init; }

    /// <summary>Of an answer that is too large for the connection.</summary>
    public long? Bytes { get; init; }

    /// <summary>Where the response frame can be fetched with the caller's credential; relative to the gateway when its public address is
    /// not known.</summary>
    public string? Url { get; init; }

    public long? ExpiresAtMs { get; init; }

    /// <summary>What is wrong with a configuration.</summary>
    public IReadOnlyList<RpcIssue>? Issues { get; init; }

    public IReadOnlyList<string>? RequiredScopes { get; init; }

    /// <summary>Of a failed connect: <c>token_mismatch</c> and the like.</summary>
    public string? AuthReason { get; init; }

    public bool? CanRetryWithDeviceToken { get; init; }

    public string? RecommendedNextStep { get; init; }

    public string? Reason { get; init; }

    public string? RequestId { get; init; }

    public string? DeviceId { get; init; }

    public string? RequestedRole { get; init; }

    public IReadOnlyList<string>? RequestedScopes { get; init; }

    public IReadOnlyList<string>? ApprovedRoles { get; init; }

    public IReadOnlyList<string>? ApprovedScopes { get; init; }

    public string? RemediationHint { get; init; }

    public int? ClientMinProtocol { get; init; }

    public int? ClientMaxProtocol { get; init; }

    public int? ExpectedProtocol { get; init; }

    public int? MinimumProbeProtocol { get; init; }
}

/// <param name="Path">Such as <c>gateway.port</c>; empty for the whole.</param>
internal sealed record RpcIssue(string Path, string Message);

/// <summary>Ends a request with an error frame, and the connection too where a close code is given.</summary>
internal sealed class RpcException(RpcError error) : Exception(error.Message)
{
    public RpcError Error { get; } = error;

    /// <summary>Null when the connection stays open.</summary>
    public int? Close { get; init; }

    public string? CloseReason { get; init; }

    public static RpcException Invalid(string message) => new(new RpcError(RpcError.InvalidRequest, message));
}
