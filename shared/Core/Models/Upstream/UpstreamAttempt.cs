using OpenClaw.Errors;

namespace OpenClaw.Models.Upstream;

/// <summary>The result of one try: an answer, or a failure and its meaning for the provider.</summary>
/// <param name="IsTransient">The same request may succeed on another try.</param>
/// <param name="IsDown">The provider itself failed; counts for the circuit breaker.</param>
internal sealed record UpstreamAttempt(UpstreamAnswer? Answer, GatewayException? Failure, bool IsTransient, bool IsDown) : IDisposable
{
    /// <summary>How long to wait before the next try; null: there is no next try.</summary>
    public TimeSpan? RetryIn { get; init; }

    public static UpstreamAttempt Answered(UpstreamAnswer answer) => new(answer, null, false, false);

    public static UpstreamAttempt Failed(GatewayError error, bool isTransient, bool isDown, Exception? cause = null) =>
        new(null, new GatewayException(error, cause), isTransient, isDown);

    /// <summary>A refusal of the provider. What passes by itself is tried again: rate limits, missing capacity, and failures of the server
    /// that are known to pass. Only failures of the provider itself count for the circuit breaker.</summary>
    public static UpstreamAttempt Refused(GatewayError error, UpstreamErrorClass? meaning, int status) => Failed(
        error,
        isTransient: meaning switch
        {
            UpstreamErrorClass.RateLimit or UpstreamErrorClass.Overloaded => true,
            UpstreamErrorClass.ServerError => status is 500 or 502 or 503,
            UpstreamErrorClass.TimedOut => status == 408,
            _ => false,
        },
        isDown: meaning == UpstreamErrorClass.Overloaded
            || (meaning is UpstreamErrorClass.ServerError or UpstreamErrorClass.TimedOut && status >= 500));

    /// <summary>Called for the later of two answers.</summary>
    public void Dispose() => Answer?.Dispose();
}
