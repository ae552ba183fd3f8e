using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;

namespace OpenClaw.Gateway.Runs;

/// <summary>The one way from a request to the answer of a run; surfaces differ in their dialect only.
/// <code>
/// (1) admit: models, budget, input ─► (2) claim the idempotency key
///  ─► (3) a stream (SseResult), or one answer made of all events within the host's time limit
/// </code></summary>
public sealed class RunAnswers(RunAdmission admission, IdempotentRequests idempotency, RunEngine engine, HostTraits host, TimeProvider time)
{
    /// <param name="stream">Server-sent events, or one JSON answer.</param>
    /// <param name="speak">Makes the dialect from the run that is executed or replayed.</param>
    /// <param name="keyInBody">An idempotency key that came in the body.</param>
    /// <exception cref="GatewayException">See <see cref="RunAdmission.AdmitAsync"/>; <c>422 idempotency_mismatch</c>,
    /// <c>503 storage_unavailable</c>; for a whole answer also the run's own failure.</exception>
    public async Task<IResult> AnswerAsync<TEvent, TWhole>(
        HttpRequest request, RunRequest run, bool stream, Func<AdmittedRun, Dialect<TEvent, TWhole>> speak,
            CancellationToken cancellationToken,
        string? keyInBody = null)
    {
        var admitted = await admission.AdmitAsync(run, cancellationToken); // (1)
        admitted = await idempotency.ClaimAsync(request, admitted, keyInBody, cancellationToken); // (2)
        return await AnswerAsync(admitted, stream, speak(admitted), cancellationToken); // (3)
    }

    /// <summary>The answer of a run that its surface has admitted and claimed by itself.</summary>
    /// <exception cref="GatewayException">For a whole answer, the run's failure.</exception>
    public async Task<IResult> AnswerAsync<TEvent, TWhole>(
        AdmittedRun run, bool stream, Dialect<TEvent, TWhole> dialect, CancellationToken cancellationToken) =>
        stream
            ? dialect.ToStream(engine.StreamAsync(run, cancellationToken), cancellationToken)
            : dialect.ToResult(await FoldAsync(run, dialect.ToWholeAsync, cancellationToken));

    /// <summary>Runs to the end within the time that the host allows for a whole answer.</summary>
    /// <exception cref="GatewayException">The run's failure; <c>504 run_timeout</c>, which names a durable run.</exception>
    public Task<T> FoldAsync<T>(
        AdmittedRun run, Func<IAsyncEnumerable<RunEvent>, CancellationToken, Task<T>> fold, CancellationToken cancellationToken) =>
        AnswerLimit.RunAsync(
            host, time, run.Request.Session is null ? null : run.Request.RunId, token =>
                fold(engine.StreamAsync(run, token), token), cancellationToken);
}
