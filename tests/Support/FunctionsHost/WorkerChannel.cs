using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using OpenClaw.Tests.Support.Protocol;

namespace OpenClaw.Tests.Support;

/// <summary>The host's end of one worker's message stream; keeps everything it received.</summary>
public sealed class WorkerChannel(HttpContext context) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Lock _lock = new();
    private readonly List<StreamingMessage> _received = [];
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called for every message, on the reading loop.</summary>
    public Action<StreamingMessage>? Received { get; set; }

    /// <summary>Ends when either side has ended the stream.</summary>
    public Task Closed => _closed.Task;

    /// <summary>All messages so far, in order.</summary>
    public IReadOnlyList<StreamingMessage> Messages
    {
        get
        {
            lock (_lock)
            {
                return [.. _received];
            }
        }
    }

    public Task SendAsync(StreamingMessage message)
    {
        var body = message.ToByteArray();
        var frame = new byte[5 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), body.Length);
        body.CopyTo(frame, 5);
        return SendFrameAsync(frame);
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendFrameAsync(ReadOnlyMemory<byte> frame)
    {
        await _writing.WaitAsync();
        try
        {
            await context.Response.BodyWriter.WriteAsync(frame);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>The first message, received already or later, for which the condition holds.</summary>
    public async Task<StreamingMessage> ReceiveAsync(Func<StreamingMessage, bool> condition)
    {
        using var limit = new CancellationTokenSource(FunctionsHost.Patience);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_received.FirstOrDefault(condition) is { } message)
                {
                    return message;
                }

                changed = _changed.Task;
            }

            var first = await Task.WhenAny(changed, Closed).WaitAsync(limit.Token);
            if (first != changed && !changed.IsCompleted)
            {
                throw new IOException("The worker's stream ended.");
            }
        }
    }

    /// <summary>Sends a request and waits for the answer that carries its id.</summary>
    public async Task<StreamingMessage> AskAsync(StreamingMessage request)
    {
        request.RequestId = Guid.NewGuid().ToString();
        await SendAsync(request);
        return await ReceiveAsync(m => m.RequestId == request.RequestId);
    }

    /// <summary>Ends the stream with status OK, as the host does when it wants no more of this worker.</summary>
    public void End() => context.Request.BodyReader.CancelPendingRead();

    /// <summary>Reads until the worker ends the stream or the connection breaks; anything but a start as the first message ends it at
    /// once.</summary>
    public async Task ReadAsync()
    {
        try
        {
            while (await ReadMessageAsync(context.Request.BodyReader) is { } message
                && (_received.Count > 0 || message.ContentCase == StreamingMessage.ContentOneofCase.StartStream))
            {
                Received?.Invoke(message);
                lock (_lock)
                {
                    _received.Add(message);
                    _changed.SetResult();
                    _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // The worker is gone.
        }
        finally
        {
            _closed.TrySetResult();
        }
    }

    public void Dispose() => _writing.Dispose();

    private static async Task<StreamingMessage?> ReadMessageAsync(PipeReader reader)
    {
        while (true)
        {
            var result = await reader.ReadAsync();
            var buffer = result.Buffer;
            if (buffer.Length >= 5)
            {
                var header = buffer.Slice(0, 5).ToArray();
                var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1));
                if (buffer.Length >= 5 + length)
                {
                    var message = StreamingMessage.Parser.ParseFrom(buffer.Slice(5, length));
                    reader.AdvanceTo(buffer.GetPosition(5 + length));
                    return message;
                }
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted || result.IsCanceled)
            {
                return null;
            }
        }
    }
}
