using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Runs;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Runs;

/// <summary>Requests that a caller may repeat without anything happening twice: it gives them a key.</summary>
public sealed class IdempotentRequests(IdempotencyStore store, TimeProvider time)
{
    private static readonly string[] Headers = ["Idempotency-Key", "X-OpenClaw-Idempotency-Key"];

    /// <summary>Headers that change what a body asks for.</summary>
    private static readonly string[] Choices = [RunContext.AgentHeader, RunContext.ModelHeader, RunContext.SessionHeader];

    /// <summary>The caller's key, if it sent one. The standard header beats the gateway's own, which beats the body.</summary>
    /// <exception cref="GatewayException"><c>400 invalid_value</c>: empty or longer than 256 characters.</exception>
    public static string? ReadKey(HttpRequest request, string? inBody = null)
    {
        var (name, key) = ("idempotencyKey", inBody);
        foreach (var header in Headers)
        {
            if (request.Headers.TryGetValue(header, out var value))
            {
                (name, key) = (header, value.ToString());
                break;
            }
        }

        return key is null || key.Length is > 0 and <= IdempotencyKey.MaxLength
            ? key
            : throw new GatewayException(GatewayError.InvalidValue(name, $"it must have 1 to {IdempotencyKey.MaxLength} characters."));
    }

    /// <summary>Claims the request's key, or finds the request that did.</summary>
    /// <param name="key">From <see cref="ReadKey"/>.</param>
    /// <param name="session">The session that the request asks for; null gives it one of its own.</param>
    /// <param name="name">The id of what the request makes.</param>
    /// <exception cref="GatewayException"><c>422 idempotency_mismatch</c>, <c>503 storage_unavailable</c>.</exception>
    public Task<IdempotencyClaim> ClaimAsync(
        HttpRequest request, Caller caller, string key, string agent, SessionKey? session, string? name, CancellationToken cancellationToken)
    {
        var digest = request.HttpContext.Features.Get<BodyDigest>() ?? throw new InvalidOperationException("The body was read without a digest.");
        var claimed = new IdempotencyKey(caller.Subject, $"{request.Method} {request.Path.Value!.ToLowerInvariant()}", key, Hash(request, digest));
        var stored = session ?? SessionKey.Of(caller, agent, claimed.SessionName(agent));
        return store.ClaimAsync(claimed, RunId.New(stored), stored, name, cancellationToken);
    }

    /// <summary>The run under the request's key, if it has one: that of the first request with it, which began at that moment.</summary>
    /// <param name="inBody">The key that the body carries.</param>
    /// <exception cref="GatewayException"><c>404 model_not_found</c>, <c>422 idempotency_mismatch</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<(RunRequest Run, DateTimeOffset? First)> ClaimAsync(
        HttpRequest request, RunRequest run, RunEngine runs, string? inBody, CancellationToken cancellationToken)
    {
        var (agent, _) = runs.Plan(run);
        if (ReadKey(request, inBody) is not { } key)
        {
            return (run, null);
        }

        var claim = await ClaimAsync(request, run.Caller, key, agent.Id, run.Session, null, cancellationToken);
        var history = run.Session is null ? Array.Empty<ConversationItem>() : run.History;
        return (run with { RunId = claim.RunId, Session = claim.Session, History = history, RepeatedAt = time.GetUtcNow() }, claim.CreatedAt);
    }

    private static string Hash(HttpRequest request, BodyDigest digest)
    {
        var text = new StringBuilder(Convert.ToHexStringLower(digest.Hash));
        foreach (var name in Choices)
        {
            text.Append('\n').Append(request.Headers[name].ToString());
        }

        return Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

/// <summary>SHA-256 of a request's body as it came.</summary>
public sealed record BodyDigest(byte[] Hash);
