using OpenClaw.Errors;

namespace OpenClaw.Gateway.Wire;

/// <summary>Names of errors under <c>/api</c>: the gateway's code in upper case (<c>session_busy</c> is <c>SESSION_BUSY</c>), except where
/// OpenAI's name would be misleading.</summary>
public static class ErrorCodes
{
    public static string Of(GatewayError error) => error.Code switch
    {
        ErrorCode.InvalidApiKey => "UNAUTHORIZED",
        ErrorCode.MissingScope => "FORBIDDEN",
        ErrorCode.RequestTooLarge => "PAYLOAD_TOO_LARGE",
        ErrorCode.UpstreamRateLimited => "RATE_LIMITED",
        var code => code.ToUpperInvariant(),
    };
}
