using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Responses.Wire;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;
using OpenClaw.Security.Rights;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Responses;

/// <summary>One WebSocket. Each message is a turn, which needs the rights of a request and counts as one.</summary>
internal sealed class ResponsesConnection(
    ResponsePreparation preparation, RunAdmission admission, RunEngine runs, TimeProvider time, HttpRequest request, WebSocket socket,
    SocketMessages messages, RememberedResponses memory)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(60);

    /// <summary>How long to wait for the client's close frame. Closing earlier could lose the last bytes sent.</summary>
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(5);

    private readonly LiveCaller _live = request.RequireLiveCaller();

    /// <summary>Serves until the client leaves or may go on no longer, the connection is too old or the host stops.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken aborted)
    {
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        using var age = new CancellationTokenSource(MaxAge, time);
        var reading = messages.ReceiveAsync(closing);
        try
        {
            // A turn under way is ended by its run when the rights end, so that its stream has an end.
            using var work = CancellationTokenSource.CreateLinkedTokenSource(closing.Token, stopping);
            using var next = CancellationTokenSource.CreateLinkedTokenSource(work.Token, age.Token, _live.Ended);
            await foreach (var message in messages.ReadAllAsync(next.Token))
            {
                using (message)
                {
                    await AnswerAsync(message, work.Token);
                }

                next.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (_live.Failure is not null && !closing.IsCancellationRequested)
        {
            await SayGoodbyeAsync(_live.Failure, WebSocketCloseStatus.PolicyViolation, "not allowed", reading, aborted);
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
            messages.Drop();
        }
    }

    private async Task SayGoodbyeAsync(
        GatewayError error, WebSocketCloseStatus status, string reason, Task reading, CancellationToken aborted)
    {
        await SendErrorAsync(error, aborted);
        await socket.CloseOutputAsync(status, reason, aborted);
        await reading.WaitAsync(CloseTime, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AnswerAsync(SocketMessageBody message, CancellationToken cancellationToken)
    {
        string? previous = null;
        try
        {
            await _live.BeginTurnAsync(cancellationToken);
            var body = Parse(message.Read());
            previous = body.PreviousResponseId;
            var run = await preparation.PrepareAsync(request, body, memory.Find, cancellationToken);
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
                memory.Forget(previous); // clients begin a new chain after a continuation that failed
            }
            else if (run.Run.Document is null)
            {
                memory.Add(run.Empty.Id, [.. run.Run.History ?? [], .. input, .. output], message.Keep());
            }
        }
        catch (GatewayException failure)
        {
            memory.Forget(previous);
            await SendErrorAsync(failure.Error, cancellationToken);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or WebSocketException))
        {
            await SendErrorAsync(GatewayError.Internal(), cancellationToken);
            throw; // a bug ends the connection; the pipeline logs it
        }
    }

    private static CreateResponseRequest Parse(ReadOnlySpan<byte> message)
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

    private Task SendErrorAsync(GatewayError error, CancellationToken cancellationToken) => SendAsync(
        JsonSerializer.SerializeToUtf8Bytes(
            new SocketError(error.Status, new SocketErrorBody(error.Code, error.Message, error.Type, error.Param)),
                ResponsesJson.Default.SocketError),
        cancellationToken);

    private async Task SendAsync(byte[] message, CancellationToken cancellationToken) =>
        await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
}
