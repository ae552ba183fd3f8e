using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Runs;

/// <summary>Requests that carry an idempotency key: a repeated request gets the first one's run, never a second run.</summary>
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

    /// <summary>Reads the body of a request that may carry a key.</summary>
    /// <param name="bodyMayHoldKey">Whether the body has a field for the key, beside the headers.</param>
    /// <exception cref="GatewayException">See <see cref="JsonBody.ReadJsonAsync"/>; <c>400 invalid_value</c> for the key.</exception>
    public static Task<T> ReadBodyAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, long limit, CancellationToken cancellationToken, bool bodyMayHoldKey = false)
        where T : class
    {
        if (bodyMayHoldKey || ReadKey(request) is not null)
        {
            request.HttpContext.Features.Set(new BodyDigest());
        }

        return request.ReadJsonAsync(type, limit, cancellationToken);
    }

    /// <summary>Claims the request's key, or finds the request that did.</summary>
    /// <param name="key">From <see cref="ReadKey"/>.</param>
    /// <param name="session">The session that the request asks for; null gives it one of its own.</param>
    /// <param name="name">The id of what the request makes, such as a response.</param>
    /// <exception cref="GatewayException"><c>422 idempotency_mismatch</c>, <c>503 storage_unavailable</c>.</exception>
    public Task<IdempotencyClaim> ClaimAsync(
        HttpRequest request, Caller caller, string key, string agent, SessionKey? session, string? name,
            CancellationToken cancellationToken)
    {
        var digest = request.HttpContext.Features.Get<BodyDigest>()?.Hash
            ?? throw new InvalidOperationException("The body was read without a digest.");
        var claimed = new IdempotencyKey(
            caller.Subject, $"{request.Method} {request.Path.Value!.ToLowerInvariant()}", key, Hash(request, digest));
        var stored = session ?? SessionKey.Of(caller, agent, claimed.SessionName(agent));
        return store.ClaimAsync(claimed, RunId.New(stored), stored, name, cancellationToken);
    }

    /// <summary>The run under the request's key: the run of the first request with that key. Without a key, the run as it is.</summary>
    /// <param name="inBody">The key in the body.</param>
    /// <exception cref="GatewayException"><c>422 idempotency_mismatch</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<AdmittedRun> ClaimAsync(HttpRequest request, AdmittedRun run, string? inBody, CancellationToken cancellationToken)
    {
        if (ReadKey(request, inBody) is not { } key)
        {
            return run;
        }

        var asked = run.Request;
        var claim = await ClaimAsync(request, asked.Caller, key, run.Agent.Id, asked.Session, null, cancellationToken);
        return run with
        {
            FirstAskedAt = claim.CreatedAt,
            Request = asked with
            {
                RunId = claim.RunId,
                Session = claim.Session,
                History = asked.Session is null ? [] : asked.History,
                RepeatedAt = time.GetUtcNow(),
            },
        };
    }

    private static string Hash(HttpRequest request, byte[] digest)
    {
        var text = new StringBuilder(Convert.ToHexStringLower(digest));
        foreach (var name in Choices)
        {
            text.Append('\n').Append(request.Headers[name].ToString());
        }

        return Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
