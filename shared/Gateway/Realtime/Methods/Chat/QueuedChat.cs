using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Runs.Input;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Realtime.Methods.Chat;

/// <summary>A message that was accepted and is answered by a durable run.</summary>
internal sealed record QueuedChat(Caller Caller, string Agent, ChatInput Input)
{
    /// <exception cref="GatewayException"><c>404 model_not_found</c>, <c>403 agent_not_allowed</c>.</exception>
    public RunRequest ToRunRequest(QueuedRun queued, RunAdmission admission, EndpointsSection endpoints, TimeSpan limit)
    {
        var selection = new ModelSelection("openclaw/" + Agent, Agent, null);
        var options = new Models.ModelOptions();
        if (Input.Thinking is { } effort)
        {
            options.ReasoningEffort = effort;
        }

        return new RunRequest
        {
            RunId = queued.RunId,
            Caller = Caller,
            Agent = admission.FindAgent(selection, Caller),
            Selection = selection,
            Session = queued.Session,
            Input =
            [
                new MessageItem("user", [new TextPart(Input.Message), .. Input.Attachments.Select((a, i) => a.ToPart(i))])
                {
                    Id = RandomId.Message(),
                    ClientKey = Input.Key,
                },
            ],
            InputParam = "message",
            Instructions = Input.Instructions,
            Media = InputRules.ForResponses(endpoints),
            AllowsCommands = true,
            Options = options,
            Limit = Input.Limit is { } own && own < limit ? own : limit,
        };
    }
}

/// <summary>Restores accepted messages of the control plane, on the instance that answers them.</summary>
internal sealed class QueuedChats(RunAdmission admission, RunLimits limits, GatewayConfigStore config) : IQueuedRuns
{
    public const string RunKind = "chat";

    public string Kind => RunKind;

    /// <inheritdoc/>
    public Task<RunRequest> RestoreAsync(QueuedRun queued, CancellationToken cancellationToken)
    {
        var chat = JsonSerializer.Deserialize(queued.Request, ChatMethodsJson.Default.QueuedChat)
            ?? throw new InvalidOperationException("The stored message is empty.");
        return Task.FromResult(
            chat.ToRunRequest(queued, admission, config.Current.Gateway.Http.Endpoints, limits.Background));
    }
}
