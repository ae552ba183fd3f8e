namespace OpenClaw.Errors;

/// <content>Failures of model providers.</content>
public sealed partial record GatewayError
{
    public static GatewayError UpstreamRateLimited(TimeSpan? retryAfter) =>
        new(429, "rate_limit_error", ErrorCode.UpstreamRateLimited, "The model provider is rate limiting; try again later.",
            RetryAfter: retryAfter);

    public static GatewayError UpstreamQuota() =>
        new(429, "insufficient_quota", ErrorCode.InsufficientQuota, "The quota of the model provider's account is used up.");

    public static GatewayError UpstreamRejected(string? param, string code) =>
        new(400, Invalid, code, "The model provider refused the request as invalid.", param);

    public static GatewayError ContextTooLong() =>
        new(400, Invalid, ErrorCode.ContextLengthExceeded, "The conversation is longer than the model's context window.", "messages");

    /// <summary>Other than <see cref="ContextTooLong"/>: a limit of the provider, not of the model.</summary>
    public static GatewayError UpstreamTooLarge() =>
        new(413, Invalid, ErrorCode.UpstreamRequestTooLarge, "The request is larger than the model provider accepts.", "messages");

    public static GatewayError UpstreamFiltered() =>
        new(400, Invalid, ErrorCode.ContentFilter, "The content filter of the model provider refused the request or its answer.");

    /// <param name="model">Null when it is not known here.</param>
    public static GatewayError UpstreamModelGone(string? model) =>
        new(404, Invalid, ErrorCode.ModelNotFound,
            $"The model provider does not offer {(model is null ? "this model" : $"the model '{Shorten(model)}'")}.", "model");

    public static GatewayError UpstreamPermission() =>
        new(502, "api_error", ErrorCode.UpstreamPermission,
            "The model provider does not allow this with the gateway's credentials; check what its account may use.");

    public static GatewayError UpstreamOverloaded(TimeSpan? retryAfter) =>
        new(503, "server_error", ErrorCode.UpstreamOverloaded, "The model provider is overloaded; try again later.",
            RetryAfter: retryAfter);

    public static GatewayError UpstreamTimeout() =>
        new(504, "timeout_error", ErrorCode.UpstreamTimeout, "The model provider took too long to answer.");

    public static GatewayError UpstreamCredentials() =>
        new(502, "api_error", ErrorCode.UpstreamAuthentication,
            "The model provider refused the gateway's credentials; check its configuration.");

    public static GatewayError IdentityUnavailable() => Unavailable(
        ErrorCode.IdentityUnavailable, "The gateway's managed identity gave no access token; check that one is assigned to it.");

    public static GatewayError UpstreamUnavailable() =>
        new(502, "api_error", ErrorCode.UpstreamUnavailable, "The model provider did not answer.");

    public static GatewayError UpstreamInterrupted() =>
        new(502, "api_error", ErrorCode.UpstreamInterrupted, "The model provider broke off its answer.");

    public static GatewayError UpstreamProtocol() =>
        new(502, "api_error", ErrorCode.UpstreamProtocol, "The model provider sent something that is not a valid answer.");

    public static GatewayError ProviderNotSupported(string api) =>
        new(503, "server_error", ErrorCode.ProviderNotSupported, $"This gateway does not speak the provider api '{Shorten(api)}' yet.");
}
