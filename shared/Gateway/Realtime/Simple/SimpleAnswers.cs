using System.Text;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Methods.Chat;
using OpenClaw.Runs;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Realtime.Simple;

/// <summary>Answers a message of the simple dialect: begins the same durable run as <c>chat.send</c> and tells it as <c>chunk</c>,
/// <c>message</c> and <c>done</c>, or <c>error</c>.</summary>
internal static class SimpleAnswers
{
    /// <param name="check">Gives the caller with its rights of this moment.</param>
    /// <param name="key">The name of the run.</param>
    /// <param name="send">Takes the messages in order.</param>
    public static async Task AnswerAsync(
        ControlPlane plane, Func<ValueTask<Caller>> check, string content, string sessionId, string key, Action<SimpleMessage> send,
        CancellationToken cancellationToken)
    {
        try
        {
            var caller = await check();
            await plane.CountAsync(caller, cancellationToken);
            caller.Require(Scope.OperatorWrite);
            _ = SessionKey.Explicit(caller, "", sessionId, "sessionId"); // what is reserved there is reserved here
            var input = new ChatInput(SimpleEvents.NameOf(sessionId), null, content, key);
            await TellAsync(plane, await plane.Chat.StartAsync(caller, input, cancellationToken), sessionId, send, cancellationToken);
        }
        catch (GatewayException failure)
        {
            send(Failure.Of(failure.Error, sessionId));
        }
        catch (OperationCanceledException)
        {
            // The client left; the run goes on.
        }
        catch (Exception failure)
        {
            plane.LogFailed(failure, "message");
            send(Failure.Of(GatewayError.Internal(), sessionId));
        }
    }

    private static async Task TellAsync(
        ControlPlane plane, StartedChat started, string sessionId, Action<SimpleMessage> send, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        await foreach (var runEvent in plane.Follower.FollowAsync(started.Partition, started.RunId, cancellationToken))
        {
            switch (runEvent)
            {
                case RunResumed:
                    text.Clear();
                    break;
                case TextDelta delta:
                    text.Append(delta.Text);
                    send(new Chunk(delta.Text, sessionId));
                    break;
                case RefusalTextDelta delta:
                    text.Append(delta.Text);
                    send(new Chunk(delta.Text, sessionId));
                    break;
                case RunEnded { Failure: { } failure }:
                    throw new GatewayException(failure);
                case RunEnded end:
                    send(new WholeMessage(text.ToString(), sessionId));
                    send(new Done(sessionId, new SimpleUsage(end.Usage.InputTokens, end.Usage.OutputTokens, end.Usage.TotalTokens)));
                    break;
            }
        }
    }
}
