using Azure.Core;
using OpenClaw.Storage;

namespace OpenClaw.Models.Upstream;

/// <summary>How model providers are called. The product uses the defaults; tests set the clock and the randomness.</summary>
public sealed class ModelHttpOptions
{
    /// <summary>The clock of every timeout, retry, budget and breaker, except <see cref="ConnectTimeout"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The source of jitter.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Creates the credential of a provider that uses a managed identity, from its client id if it has one.</summary>
    public Func<string?, TokenCredential> CreateCredential { get; init; } = AzureIdentity.Create;

    /// <summary>DNS, TCP and TLS together. Wall clock.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From sending the request to the status line. Long, because reasoning models that do not stream answer late.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>Longest silence between two reads of an answer. The time that the reader itself needs does not count.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>The same once the model has given its finish reason and only usage may follow.</summary>
    public TimeSpan TrailerTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for the answer to a health check.</summary>
    public TimeSpan HealthTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A provider whose last answer is younger than this is not checked again.</summary>
    public TimeSpan HealthAge { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>First try included.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>No retry starts later than this after the first try.</summary>
    public TimeSpan RetryWindow { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>A longer <c>Retry-After</c> is passed on instead of waited for.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Upper bound of the first jittered delay; doubles with each retry.</summary>
    public TimeSpan RetryBaseDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Bytes of an answer that is not streamed, and of one event of a stream; a longer one is <c>upstream_protocol</c>.</summary>
    public int MaxAnswerBytes { get; init; } = 32 << 20;
}
