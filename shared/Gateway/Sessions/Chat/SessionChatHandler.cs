using Microsoft.AspNetCore.Http;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Runs;
using OpenClaw.Runs;
using OpenClaw.Sessions;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Sessions.Chat;

/// <summary><c>/api/chat</c>: one message into a session, one answer out, as JSON or SSE.</summary>
public sealed class SessionChatHandler(
    RunAdmission admission, RunAnswers answers, AgentCatalog agents, RunLimits limits, GatewayConfigStore config)
{
    private const string Surface = "api";

    /// <exception cref="GatewayException"><c>400</c>, <c>404 model_not_found</c>, <c>409 session_busy</c>, upstream failures.</exception>
    public async Task<IResult> SendAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var limit = config.Current.Gateway.Http.Endpoints.ChatCompletions.MaxBodyBytes;
        var body = await IdempotentRequests.ReadBodyAsync(
            request, SessionsJson.Default.SendMessageRequest, limit, cancellationToken, bodyMayHoldKey: true);
        return await answers.AnswerAsync(
            request, ToRunRequest(request, body), body.Stream ?? request.AcceptsEvents(),
            run => new SessionChatDialect(run.Request.Session is { } session ? SessionIds.ToId(session, agents.Default.Id) : null),
            cancellationToken, body.IdempotencyKey);
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
        var stores = body.Incognito != true && !request.IsIncognito();
        var named = stores && body.SessionId is { } id ? SessionIds.ToKey(agents, caller, selection.Agent, id, "sessionId") : null;
        var agent = admission.FindAgent(selection, caller, named?.Agent, selection.Agent);
        var session = stores ? named ?? SessionStore.Unnamed(caller, agent.Id, Surface) : null;
        return new RunRequest
        {
            RunId = RunId.New(session),
            Caller = caller,
            Agent = agent,
            Selection = selection with { Agent = agent.Id },
            Session = session,
            Input = [new MessageItem("user", [new TextPart(body.Message)]) { Id = RandomId.Message() }],
            InputParam = "message",
            AllowsCommands = true,
            Limit = limits.Interactive,
        };
    }
}
