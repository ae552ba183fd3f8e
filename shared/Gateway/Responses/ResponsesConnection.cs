using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Responses.Wire;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Responses;

/// <summary>One WebSocket, with the responses that only it knows.</summary>
internal sealed class ResponsesConnection(
    ResponsePreparation preparation, RunAdmission admission, RunEngine runs, TimeProvider time, HttpRequest request, WebSocket socket,
        long limit)
{
    private const int Remembered = 32;

    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(60);

    /// <summary>How long to wait for the client's close frame. Closing earlier could lose the last bytes sent.</summary>
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(5);

    private readonly Channel<byte[]> _messages = Channel.CreateBounded<byte[]>(16);
    private readonly Dictionary<string, IReadOnlyList<ConversationItem>> _memory = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Serves until the client leaves, the connection is too old or the host stops.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken aborted)
    {
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        using var age = new CancellationTokenSource(MaxAge, time);
        var reading = ReadAsync(closing);
        try
        {
            using var work = CancellationTokenSource.CreateLinkedTokenSource(closing.Token, stopping);
            using var next = CancellationTokenSource.CreateLinkedTokenSource(work.Token, age.Token);
            await foreach (var message in _messages.Reader.ReadAllAsync(next.Token))
            {
                await AnswerAsync(message, work.Token);
            }
        }
        catch (OperationCanceledException) when (age.IsCancellationRequested && !closing.IsCancellationRequested)
        {
            await SayGoodbyeAsync(GatewayError.SocketTooOld(), WebSocketCloseStatus.NormalClosure, "connection limit", reading, aborted);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !closing.IsCancellationRequested)
        {
            await SayGoodbyeAsync(GatewayError.Stopping(), WebSocketCloseStatus.EndpointUnavailable, "stopping", reading, aborted);
        }
        catch (Exception failure) when (failure is OperationCanceledException or WebSocketException)
        {
            // The client left.
        }
        finally
        {
            await closing.CancelAsync();
            await reading;
        }
    }

    private async Task SayGoodbyeAsync(
        GatewayError error, WebSocketCloseStatus status, string reason, Task reading, CancellationToken aborted)
    {
        await SendErrorAsync(error, aborted);
        await socket.CloseOutputAsync(status, reason, aborted);
        await reading.WaitAsync(CloseTime, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Reads ahead of the running turn, so that a client that leaves is noticed at once.</summary>
    private async Task ReadAsync(CancellationTokenSource closing)
    {
        try
        {
            var buffer = new System.Buffers.ArrayBufferWriter<byte>(4096);
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.GetMemory(4096), closing.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                buffer.Advance(received.Count);
                if (buffer.WrittenCount > limit)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig, "message too big", closing.Token);
                    break;
                }

                if (received.EndOfMessage)
                {
                    await _messages.Writer.WriteAsync(buffer.WrittenSpan.ToArray(), closing.Token);
                    buffer.ResetWrittenCount();
                }
            }

            if (socket.State is WebSocketState.CloseReceived or WebSocketState.Open)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or WebSocketException)
        {
            // The client left without a close frame.
        }

        _messages.Writer.TryComplete();
        await closing.CancelAsync();
    }

    private async Task AnswerAsync(byte[] message, CancellationToken cancellationToken)
    {
        string? previous = null;
        try
        {
            var body = Parse(message);
            previous = body.PreviousResponseId;
            var run = await preparation.PrepareAsync(request, body, _memory.GetValueOrDefault, cancellationToken);
            var admitted = await admission.AdmitAsync(run.Run, cancellationToken);
            var assembler = new ResponseAssembler(run.Empty, time);
            IReadOnlyList<ConversationItem> input = [];
            var output = new List<ConversationItem>();
            await foreach (var runEvent in runs.StreamAsync(admitted, cancellationToken))
            {
                switch (runEvent)
                {
                    case RunStarted started:
                        input = started.Input ?? [];
                        break;
                    case ItemCompleted done:
                        output.Add(done.Item);
                        break;
                }

                foreach (var next in assembler.Add(runEvent))
                {
                    await SendAsync(JsonSerializer.SerializeToUtf8Bytes(next, ResponsesJson.Default.ResponseEvent), cancellationToken);
                }
            }

            if (assembler.Failure is not null)
            {
                Forget(previous);
            }
            else if (run.Run.Document is null)
            {
                Remember(run.Empty.Id, [.. run.Run.History ?? [], .. input, .. output]);
            }
        }
        catch (GatewayException failure)
        {
            Forget(previous);
            await SendErrorAsync(failure.Error, cancellationToken);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or WebSocketException))
        {
            await SendErrorAsync(GatewayError.Internal(), cancellationToken);
            throw; // a bug ends the connection; the pipeline logs it
        }
    }

    private static CreateResponseRequest Parse(byte[] message)
    {
        var envelope = JsonBody.Parse(message, ResponsesJson.Default.SocketMessage);
        if (envelope.Type != "response.create")
        {
            throw new GatewayException(GatewayError.InvalidValue("type", "'response.create'."));
        }

        var misplaced = envelope switch
        {
            { Stream: false } => "stream",
            { Background: true } => "background",
            { StreamOptions: not null } => "stream_options",
            _ => null,
        };
        if (misplaced is not null)
        {
            throw new GatewayException(
                GatewayError.InvalidRequest(
                $"A WebSocket always streams, without options and in the foreground: leave out '{misplaced}'.", misplaced));
        }

        return JsonBody.Parse(message, ResponsesJson.Default.CreateResponseRequest);
    }

    private void Remember(string id, IReadOnlyList<ConversationItem> conversation)
    {
        _memory[id] = conversation;
        _order.Enqueue(id);
        if (_order.Count > Remembered)
        {
            _memory.Remove(_order.Dequeue());
        }
    }

    /// <summary>A continuation that failed also forgets the response that it continued; clients begin a new chain.</summary>
    private void Forget(string? id)
    {
        if (id is not null)
        {
            _memory.Remove(id);
        }
    }

    private Task SendErrorAsync(GatewayError error, CancellationToken cancellationToken) => SendAsync(
        JsonSerializer.SerializeToUtf8Bytes(
            new SocketError(error.Status, new SocketErrorBody(error.Code, error.Message, error.Type, error.Param)),
                ResponsesJson.Default.SocketError),
        cancellationToken);

    private async Task SendAsync(byte[] message, CancellationToken cancellationToken) =>
        await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
}
