using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Outbox;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Hooks;

/// <summary>The runs of hooks, as they are accepted and restored. Their answers go to a channel, a callback URL, or nowhere.</summary>
public sealed class HookRuns(RunAdmission admission, RunLimits limits, IReplyRoutes routes, GatewayConfigStore config) : IQueuedRuns
{
    public const string RunKind = "hook";

    private const string CallbackType = "hook.run.ended";

    public string Kind => RunKind;

    /// <inheritdoc/>
    public Task<RunRequest> RestoreAsync(QueuedRun queued, CancellationToken cancellationToken) =>
        config.Current.Hooks.Enabled ? Task.FromResult(ToRunRequest(Read(queued), queued))
            : throw new GatewayException(GatewayError.Unauthorized("Hooks were switched off."));

    /// <inheritdoc/>
    public OutboxDraft? ReplyTo(QueuedRun queued, GatewayError failure)
    {
        var hook = Read(queued);
        return OutboxDraft.Join(
            hook.Route is { } route ? routes.Reply(route, failure, hook.AcceptedAt) : null,
            Callback(hook, new CallbackBody(CallbackType, queued.RunId, HookOutcome.Failed)
            {
                Error = new HookFailure(failure.Code, failure.Message),
            }));
    }

    /// <exception cref="GatewayException"><c>404 model_not_found</c>: the agent no longer exists.</exception>
    internal RunRequest ToRunRequest(QueuedHook hook, QueuedRun queued)
    {
        var selection = ModelSelection.Parse(hook.Model, hook.Agent, null);
        var options = new ModelOptions();
        if (hook.Thinking is { } effort)
        {
            options.ReasoningEffort = effort;
        }

        return new RunRequest
        {
            RunId = queued.RunId,
            Caller = HookSessions.Caller,
            Agent = admission.FindAgent(selection, HookSessions.Caller),
            Selection = selection,
            Session = queued.Session,
            Input = [new MessageItem("user", [new TextPart(hook.Content)]) { Id = RandomId.Message() }],
            InputParam = "message",
            Options = options,
            Limit = hook.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : limits.Background,
            Reply = outcome => OutboxDraft.Join(
                hook.Route is { } route ? routes.Reply(route, outcome, hook.AcceptedAt) : null,
                Callback(hook, HookOutcome.Of(outcome).ToCallback(CallbackType, queued.RunId))),
        };
    }

    private OutboxDraft? Callback(QueuedHook hook, CallbackBody body) => hook.CallbackUrl is not { } url ? null
        : routes.Post(url, UrlUse.HookCallback, JsonSerializer.Serialize(body, HooksJson.Default.CallbackBody), hook.AcceptedAt);

    private static QueuedHook Read(QueuedRun queued) => JsonSerializer.Deserialize(queued.Request, HooksJson.Default.QueuedHook)
        ?? throw new InvalidOperationException("The stored hook is empty.");
}
