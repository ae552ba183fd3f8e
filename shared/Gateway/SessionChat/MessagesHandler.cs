using Microsoft.AspNetCore.Http;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Sessions;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Text;

namespace OpenClaw.Gateway.SessionChat;

/// <summary><c>/api/chat</c>: one message into a session, one answer out, as JSON or SSE.</summary>
public sealed class MessagesHandler(
    RunEngine runs, AgentCatalog agents, IdempotentRequests idempotency, RunLimits limits, GatewayConfigStore config, HostTraits host, TimeProvider time)
{
    private const string Surface = "api";

    /// <exception cref="GatewayException"><c>400</c>, <c>404 model_not_found</c>, <c>409 session_busy</c>, upstream failures.</exception>
    public async Task<IResult> SendAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var limit = config.Current.Gateway.Http.Endpoints.ChatCompletions.MaxBodyBytes;
        var body = await request.ReadJsonAsync(RestJson.Default.SendMessageRequest, limit, cancellationToken);
        var (run, _) = await idempotency.ClaimAsync(request, ToRunRequest(request, body), runs, body.IdempotencyKey, cancellationToken);
        var sessionId = run.Session is { } session ? SessionIds.ToId(session, agents.Default.Id) : null;
        return body.Stream ?? request.AcceptsEvents()
            ? new SseResult<MessageEvent>(runs.StreamAsync(run, cancellationToken).ToMessageEvents(sessionId, cancellationToken), RestJson.Default.MessageEvent)
            {
                EventName = static _ => "message",
                OnFailure = static error => [new ErrorEvent(new EventError(ErrorCodes.Of(error), error.Message))],
                EndsWithDone = false,
            }
            : new ApiResult<SentMessage>(
                await AnswerLimit.RunAsync(
                    host, time, run, token => runs.StreamAsync(run, token).ToMessageEvents(sessionId, token).ToMessageAsync(token), cancellationToken),
                RestJson.Default.SentMessage);
    }

    private RunRequest ToRunRequest(HttpRequest request, SendMessageRequest body)
    {
        if (string.IsNullOrWhiteSpace(body.Message))
        {
            throw new GatewayException(GatewayError.MissingField("message"));
        }

        var caller = request.RequireCaller();
        var selection = request.ReadSelection(caller, body.Model);
        selection = selection with { Agent = string.IsNullOrWhiteSpace(body.Agent) ? selection.Agent : body.Agent.Trim() };
        var session = ReadSession(request, caller, body, selection);
        var agent = session?.Agent ?? (agents.Find(selection.Agent) ?? throw new GatewayException(GatewayError.ModelNotFound(selection.Agent!))).Id;
        return new RunRequest
        {
            RunId = RunId.New(session),
            Caller = caller,
            Selection = selection with { Agent = agent },
            Session = session,
            Input = [new MessageItem("user", [new TextPart(body.Message)]) { Id = RandomId.Message() }],
            InputParam = "message",
            AllowsCommands = true,
            Limit = limits.Interactive,
        };
    }

    private SessionKey? ReadSession(HttpRequest request, Caller caller, SendMessageRequest body, ModelSelection selection)
    {
        if (body.Incognito == true || request.IsIncognito())
        {
            return null;
        }

        if (body.SessionId is { } id)
        {
            return SessionIds.ToKey(agents, caller, selection.Agent, id, "sessionId");
        }

        var agent = agents.Find(selection.Agent) ?? throw new GatewayException(GatewayError.ModelNotFound(selection.Agent!));
        return SessionStore.Unnamed(caller, agent.Id, Surface);
    }
}
