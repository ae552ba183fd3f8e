using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Errors;
using OpenClaw.Runs.Durable;
using OpenClaw.Security.Rights;

namespace OpenClaw.Gateway.Wire;

/// <summary>Streams events as server-sent events: one write and one flush each, LF only, a comment every 15 s of silence,
/// <c>data: [DONE]</c> at the end. Headers go out with the first event, or after 2 s without one. A failure before that has its HTTP
/// status; a later one is written into the stream.</summary>
public sealed class SseResult<T>(IAsyncEnumerable<T> events, JsonTypeInfo<T> type) : IResult
{
    private static readonly TimeSpan FirstEventWait = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>The <c>event:</c> line of an event; null leaves it out.</summary>
    public Func<T, string?>? EventName { get; init; }

    /// <summary>Makes the dialect's events for a failure after the headers. Without it, or when it returns null, OpenAI's error object
    /// is written.</summary>
    public Func<GatewayError, IReadOnlyList<T>?>? OnFailure { get; init; }

    /// <summary>Whether <c>data: [DONE]</c> ends the stream.</summary>
    public bool EndsWithDone { get; init; } = true;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var aborted = httpContext.RequestAborted;
        var time = httpContext.RequestServices.GetRequiredService<TimeProvider>();
        var stopping = httpContext.RequestServices.GetRequiredService<Shutdown>().Deadline;
        var live = httpContext.Features.Get<LiveCaller>();
        await using var source = events.GetAsyncEnumerator(aborted);
        var first = source.MoveNextAsync().AsTask();
        await ((Task)first).WaitAsync(FirstEventWait, time, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (first.IsFaulted || first.IsCanceled)
        {
            await first; // keeps its status: nothing is sent yet
        }

        aborted.ThrowIfCancellationRequested();
        StartResponse(httpContext);
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        await using var stream = new EventWriter(httpContext.Response.BodyWriter);
        await using var heartbeat = time.CreateTimer(
            static state => _ = ((EventWriter)state!).HeartbeatAsync(), stream, HeartbeatInterval, HeartbeatInterval);
        if (!first.IsCompleted)
        {
            await stream.HeartbeatAsync(); // headers reach the client now, not with the first event
        }

        await WriteAllAsync(source, first, stream, live, stopping, aborted);
    }

    /// <param name="live">Its failure ends the stream: the caller may no longer read it.</param>
    private async Task WriteAllAsync(
        IAsyncEnumerator<T> source, Task<bool> first, EventWriter stream, LiveCaller? live, CancellationToken stopping,
        CancellationToken aborted)
    {
        ExceptionDispatchInfo? bug = null;
        try
        {
            for (var more = await first; more; more = await source.MoveNextAsync())
            {
                await stream.WriteAsync(EventName?.Invoke(source.Current), source.Current, type, aborted);
            }
        }
        catch (GatewayException failure)
        {
            await WriteFailureAsync(stream, failure.Error, aborted);
        }
        catch (OperationCanceledException) when (live?.Failure is not null && !aborted.IsCancellationRequested)
        {
            await WriteFailureAsync(stream, live.Failure, aborted);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            await WriteFailureAsync(stream, GatewayError.Stopping(), aborted);
        }
        catch (Exception failure) when (!aborted.IsCancellationRequested)
        {
            bug = ExceptionDispatchInfo.Capture(failure);
            await WriteFailureAsync(stream, GatewayError.Internal(), aborted);
        }

        if (EndsWithDone)
        {
            await stream.WriteDoneAsync(aborted);
        }

        bug?.Throw(); // the client has its answer; the pipeline logs it
    }

    private async Task WriteFailureAsync(EventWriter stream, GatewayError error, CancellationToken aborted)
    {
        if (OnFailure?.Invoke(error) is not { } events)
        {
            await stream.WriteErrorAsync(error, aborted);
            return;
        }

        foreach (var next in events)
        {
            await stream.WriteAsync(EventName?.Invoke(next), next, type, aborted);
        }
    }

    private static void StartResponse(HttpContext context)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store, no-transform";
        context.Response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>Writes whole events, one writer at a time, because the stream and its heartbeat share the pipe. An event is put together
    /// first: written piece by piece, a long one would go out as several HTTP chunks, and some clients lose those.</summary>
    private sealed class EventWriter(PipeWriter pipe) : IAsyncDisposable
    {
        private static readonly byte[] Heartbeat = [.. ": keep-alive\n\n"u8];

        private readonly SemaphoreSlim _turn = new(1, 1);
        private readonly ArrayBufferWriter<byte> _event = new(1024);
        private readonly Utf8JsonWriter _json = new(Stream.Null, JsonOutput.WriterOptions);
        private bool _wroteSinceHeartbeat;
        private bool _closed;

        public ValueTask WriteAsync(string? name, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
            WriteEventAsync(name, (value, type), static (json, e) => JsonSerializer.Serialize(json, e.value, e.type), cancellationToken);

        public ValueTask WriteErrorAsync(GatewayError error, CancellationToken cancellationToken) =>
            WriteEventAsync(null, error, ErrorBody.WriteOpenAi, cancellationToken);

        public ValueTask WriteDoneAsync(CancellationToken cancellationToken) =>
            WriteEventAsync(null, "[DONE]", static (json, text) => json.WriteRawValue(text, skipInputValidation: true), cancellationToken);

        /// <summary>A comment, unless something else went out since the last tick.</summary>
        public async Task HeartbeatAsync()
        {
            await _turn.WaitAsync();
            try
            {
                if (!_closed && !_wroteSinceHeartbeat)
                {
                    await pipe.WriteAsync(Heartbeat);
                }

                _wroteSinceHeartbeat = false;
            }
            catch (Exception)
            {
                // The client has left; the stream itself notices.
            }
            finally
            {
                _turn.Release();
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _turn.WaitAsync();
            _closed = true;
            _turn.Release();
        }

        private async ValueTask WriteEventAsync<TState>(
            string? name, TState state, Action<Utf8JsonWriter, TState> write, CancellationToken cancellationToken)
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                _event.ResetWrittenCount();
                if (name is not null)
                {
                    _event.Write("event: "u8);
                    Encoding.UTF8.GetBytes(name.AsSpan(), _event);
                    _event.Write("\n"u8);
                }

                _event.Write("data: "u8);
                _json.Reset(_event);
                write(_json, state);
                _json.Flush();
                _event.Write("\n\n"u8);
                _wroteSinceHeartbeat = true;
                await pipe.WriteAsync(_event.WrittenMemory, cancellationToken);
            }
            finally
            {
                _turn.Release();
            }
        }
    }
}
