using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Methods.Chat;

/// <summary><c>chat.*</c>, and the session methods that begin or cancel runs.</summary>
internal sealed class ChatMethods(ChatRuns chat, ChatHistory history, SessionNames names, RunControl control, RunReplay replay)
    : IControlMethods
{
    public void AddTo(MethodTable table)
    {
        table.Add("chat.send", Scope.OperatorWrite, ChatMethodsJson.Default.ChatSendParams, ChatMethodsJson.Default.ChatSendResult, SendAsync);
        table.Add("chat.abort", Scope.OperatorWrite, ChatMethodsJson.Default.ChatAbortParams, ChatMethodsJson.Default.ChatAbortResult, AbortAsync);
        table.Add("sessions.abort", Scope.OperatorWrite, ChatMethodsJson.Default.SessionsAbortParams, ChatMethodsJson.Default.ChatAbortResult, AbortAsync);
        table.Add("chat.history", Scope.OperatorRead, ChatMethodsJson.Default.ChatHistoryParams, ChatMethodsJson.Default.ChatHistoryResult,
            (call, given, token) => history.ReadAsync(call.Caller, given, withMetadata: false, token));
        table.Add("chat.startup", Scope.OperatorRead, ChatMethodsJson.Default.ChatHistoryParams, ChatMethodsJson.Default.ChatHistoryResult,
            (call, given, token) => history.ReadAsync(call.Caller, given, withMetadata: true, token));
        table.Add("chat.metadata", Scope.OperatorRead, ChatMethodsJson.Default.ChatMetadataParams, ChatMethodsJson.Default.ChatMetadata,
            (_, _, _) => Task.FromResult(history.Metadata()));
        table.Add("commands.list", Scope.OperatorRead, ChatMethodsJson.Default.CommandsListParams, ChatMethodsJson.Default.CommandsListResult,
            (_, _, _) => Task.FromResult(new CommandsListResult(ChatHistory.Commands)));
    }

    private async Task<ChatSendResult> SendAsync(ControlCall call, ChatSendParams given, CancellationToken cancellationToken)
    {
        if (given.QueueMode is "steer" or "collect")
        {
            throw new GatewayException(GatewayError.InvalidValue(
                "queueMode", $"this gateway knows 'followup' and 'interrupt', not '{given.QueueMode}'."));
        }

        var started = await chat.StartAsync(
            call.Caller,
            new ChatInput(given.SessionKey, given.AgentId, given.Message, given.IdempotencyKey)
            {
                Attachments = ChatAttachment.Read(given.Attachments),
                Thinking = given.Thinking,
                Limit = given.TimeoutMs is > 0 and { } limit ? TimeSpan.FromMilliseconds(limit) : null,
                Interrupts = given.QueueMode == "interrupt",
            },
            cancellationToken);
        return new ChatSendResult(started.Name, started.Known switch { null => "started", { HasEnded: true } => "ok", _ => "in_flight" });
    }

    private Task<ChatAbortResult> AbortAsync(ControlCall call, ChatAbortParams given, CancellationToken cancellationToken) =>
        AbortAsync(call.Caller, given.SessionKey, given.AgentId, given.RunId, cancellationToken);

    private Task<ChatAbortResult> AbortAsync(ControlCall call, SessionsAbortParams given, CancellationToken cancellationToken) =>
        given.Key is null && given.RunId is null
            ? throw new GatewayException(GatewayError.MissingField("key"))
            : AbortAsync(call.Caller, given.Key, given.AgentId, given.RunId, cancellationToken);

    /// <summary>Cancels one run, or the run that holds the session, on whichever instance it is.</summary>
    private async Task<ChatAbortResult> AbortAsync(
        Caller caller, string? sessionName, string? agentId, string? runName, CancellationToken cancellationToken)
    {
        var session = sessionName is null ? null : (await names.FindAsync(caller, sessionName, agentId, cancellationToken)).Key;
        if (runName is not null)
        {
            var run = await chat.FindAsync(caller, runName, cancellationToken);
            if (run is null || run.Known is null or { HasEnded: true } || (session is not null && run.Partition != session.Partition))
            {
                return new ChatAbortResult(true, false, []);
            }

            await control.CancelAsync(run.Partition, run.RunId, cancellationToken);
            return new ChatAbortResult(true, true, [run.Name]);
        }

        if (await control.AbortAsync(session!, cancellationToken) is not { } runId)
        {
            return new ChatAbortResult(true, false, []);
        }

        var row = await replay.FindAsync(session!.Partition, runId, cancellationToken);
        return new ChatAbortResult(true, true, [row?.Alias ?? runId]);
    }
}
