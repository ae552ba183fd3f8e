using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Runs;

namespace OpenClaw.Gateway.Runs;

/// <summary>Translates one run into the format of a surface: events of a stream, or one whole answer. One instance for each run.</summary>
/// <typeparam name="TEvent">One event of the stream.</typeparam>
/// <typeparam name="TWhole">The whole answer.</typeparam>
public abstract class Dialect<TEvent, TWhole>
{
    public abstract JsonTypeInfo<TEvent> EventType { get; }

    /// <summary>Whether <c>data: [DONE]</c> ends the stream.</summary>
    public virtual bool EndsWithDone => true;

    /// <exception cref="GatewayException">The run failed, and the surface has no event of its own for that.</exception>
    public abstract IAsyncEnumerable<TEvent> ToEvents(IAsyncEnumerable<RunEvent> run, CancellationToken cancellationToken);

    /// <exception cref="GatewayException">The run failed.</exception>
    public abstract Task<TWhole> ToWholeAsync(IAsyncEnumerable<RunEvent> run, CancellationToken cancellationToken);

    /// <summary>The answer in the surface's envelope.</summary>
    public abstract IResult ToResult(TWhole whole);

    /// <summary>The <c>event:</c> line; null leaves it out.</summary>
    public virtual string? NameOf(TEvent item) => null;

    /// <summary>The events for a failure after the first byte; null writes OpenAI's error object.</summary>
    public virtual IReadOnlyList<TEvent>? ToFailure(GatewayError failure) => null;

    /// <summary>The stream of a run as an answer.</summary>
    public IResult ToStream(IAsyncEnumerable<RunEvent> run, CancellationToken cancellationToken) =>
        new Wire.SseResult<TEvent>(ToEvents(run, cancellationToken), EventType)
        {
            EventName = NameOf,
            OnFailure = ToFailure,
            EndsWithDone = EndsWithDone,
        };
}
