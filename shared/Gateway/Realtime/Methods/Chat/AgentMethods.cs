using System.Text;
using OpenClaw.Agents;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Runs.Live;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Methods.Chat;

/// <summary><c>agent</c>, which answers twice: when the run is accepted and when it has ended; and <c>agent.wait</c>.</summary>
internal sealed class AgentMethods(
    ChatRuns chat, RunFollower follower, RunReplay replay, SessionView view, AgentCatalog agents, TimeProvider time) : IControlMethods
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan MaxWait = TimeSpan.FromHours(1);

    public void AddTo(MethodTable table)
    {
        table.Add("agent", Scope.OperatorWrite, ChatMethodsJson.Default.AgentParams, ChatMethodsJson.Default.AgentResult, RunAsync);
        table.Add("agent.wait", Scope.OperatorWrite, ChatMethodsJson.Default.AgentWaitParams, ChatMethodsJson.Default.AgentWaitResult, WaitAsync);
    }

    private async Task<AgentResult> RunAsync(ControlCall call, AgentParams given, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var started = await chat.StartAsync(
            call.Caller,
            new ChatInput(string.IsNullOrWhiteSpace(given.SessionKey) ? null : given.SessionKey, given.AgentId, given.Message,
                given.IdempotencyKey)
            {
                Attachments = ChatAttachment.Read(given.Attachments),
                Thinking = given.Thinking,
                Instructions = given.ExtraSystemPrompt,
                Limit = given.Timeout is > 0 and { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            },
            cancellationToken);
        var session = started.Session!;
        var name = SessionNames.NameFor(call.Caller, session);
        call.Acknowledge(
            new AgentResult(started.Name, "accepted")
            {
                SessionKey = name,
                AgentId = session.Agent,
                AcceptedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
            },
            ChatMethodsJson.Default.AgentResult);
        var (text, end) = await FoldAsync(started, cancellationToken);
        if (end is RunFailed failed)
        {
            throw new RpcException(new RpcError(RpcError.Unavailable, failed.Error.Message)
            {
                Details = new RpcErrorDetails { Code = failed.Error.Code.ToUpperInvariant() },
            });
        }

        var (provider, model, _) = view.ModelOf(agents.Find(session.Agent) ?? agents.Default, null);
        return new AgentResult(started.Name, "ok")
        {
            SessionKey = name,
            AgentId = session.Agent,
            Summary = "completed",
            Result = new AgentOutput(
                [new AgentPayload(text)],
                new AgentOutputMeta(
                    (long)time.GetElapsedTime(began).TotalMilliseconds, end is RunCancelled, StopReasonOf(end),
                    new AgentRunMeta(SessionView.IdOf(session.Partition, 0), provider, model))),
        };
    }

    private async Task<AgentWaitResult> WaitAsync(ControlCall call, AgentWaitParams given, CancellationToken cancellationToken)
    {
        var run = await chat.FindAsync(call.Caller, given.RunId, cancellationToken)
            ?? throw new GatewayException(GatewayError.RunNotFound(given.RunId));
        var wait = given.TimeoutMs is { } ms ? TimeSpan.FromMilliseconds(ms) : DefaultWait;
        using var late = new CancellationTokenSource(wait < MaxWait ? wait : MaxWait, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            var (text, end) = await FoldAsync(run, limit.Token);
            var row = await replay.FindAsync(run.Partition, run.RunId, cancellationToken);
            return new AgentWaitResult(given.RunId, end is RunFailed ? "error" : "ok")
            {
                StartedAt = row?.StartedAt?.ToUnixTimeMilliseconds(),
                EndedAt = row?.EndedAt?.ToUnixTimeMilliseconds(),
                StopReason = StopReasonOf(end),
                Error = end is RunFailed failed ? failed.Error.Message : null,
                TerminalReply = text.Length > 0 ? new TerminalReply("visible", text) : null,
            };
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new AgentWaitResult(given.RunId, "timeout");
        }
    }

    /// <summary>Waits for the end of a run.</summary>
    private async Task<(string Text, RunEnded? End)> FoldAsync(StartedChat run, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        RunEnded? end = null;
        await foreach (var runEvent in follower.FollowAsync(run.Partition, run.RunId, cancellationToken))
        {
            switch (runEvent)
            {
                case RunResumed:
                    text.Clear();
                    break;
                case TextDelta delta:
                    text.Append(delta.Text);
                    break;
                case RefusalTextDelta delta:
                    text.Append(delta.Text);
                    break;
                case RunEnded ended:
                    end = ended;
                    break;
            }
        }

        return (text.ToString(), end);
    }

    private static string StopReasonOf(RunEnded? end) => end switch
    {
        RunCancelled or RunIncomplete { Reason: RunIncomplete.Interrupted } => "aborted",
        RunIncomplete { Reason: "max_output_tokens" } => "length",
        RunFailed => "error",
        _ => "stop",
    };
}
