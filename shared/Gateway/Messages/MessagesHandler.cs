using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;
using OpenClaw.Runs.Context;
using OpenClaw.Runs.Input;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Messages;

/// <summary>Anthropic's Messages API: checks the request, runs the agent, answers as JSON or SSE; and counts the tokens of a
/// request.</summary>
public sealed class MessagesHandler(RunAdmission admission, RunAnswers answers, RunLimits limits, GatewayConfigStore config)
{
    /// <exception cref="GatewayException"><c>404 endpoint_disabled</c>, <c>400</c>, <c>409 session_busy</c>, upstream
    /// failures.</exception>
    public async Task<IResult> CreateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var requestId = AnthropicErrors.RequestIdOf(request.HttpContext);
        var body = await IdempotentRequests.ReadBodyAsync(request, MessagesJson.Default.MessageRequest, CheckEnabled(), cancellationToken);
        IgnoredFields.Report(request, body.More);
        if (body.MaxTokens is null)
        {
            throw new GatewayException(GatewayError.MissingField("max_tokens"));
        }

        if (body.Thread is { ValueKind: not JsonValueKind.Null })
        {
            throw new GatewayException(GatewayError.ThreadUnsupported());
        }

        return await answers.AnswerAsync(
            request, ToRunRequest(request, body), body.Stream == true, run => new MessagesDialect(HeadOf(run, body, requestId)),
            cancellationToken);
    }

    /// <exception cref="GatewayException"><c>404 endpoint_disabled</c>, <c>404 model_not_found</c>, <c>400</c>.</exception>
    public async Task<IResult> CountAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        AnthropicErrors.RequestIdOf(request.HttpContext);
        var body = await request.ReadJsonAsync(MessagesJson.Default.MessageRequest, CheckEnabled(), cancellationToken);
        var run = ToRunRequest(request, body);
        admission.FindModels(run);
        var tools = run.Tools.Sum(t => t.Name.Length + t.Description.Length + t.JsonSchema.GetRawText().Length);
        var count = new MessageTokenCount(TokenEstimate.Of(run.Input, tools + (run.Instructions?.Length ?? 0)));
        return new JsonResult<MessageTokenCount>(count, MessagesJson.Default.MessageTokenCount);
    }

    /// <returns>The body limit.</returns>
    private long CheckEnabled()
    {
        var endpoint = config.Current.Gateway.Http.Endpoints.Messages;
        return endpoint.Enabled
            ? endpoint.MaxBodyBytes
            : throw new GatewayException(GatewayError.EndpointDisabled("gateway.http.endpoints.messages.enabled"));
    }

    private static MessageHead HeadOf(AdmittedRun run, MessageRequest body, string requestId) => new(
        "msg_" + RunId.OwnPart(run.Request.RunId).Replace("run_", "", StringComparison.Ordinal),
        run.Request.Selection.Requested,
        requestId,
        !body.WantsThinking ? ThinkingDisplay.None
        : body.Thinking!.Display == "omitted" ? ThinkingDisplay.Omitted
        : ThinkingDisplay.Shown);

    /// <summary>A session is named by the header only: <c>metadata.user_id</c> belongs to an installation, and all its conversations
    /// share it.</summary>
    private RunRequest ToRunRequest(HttpRequest request, MessageRequest body)
    {
        var caller = request.RequireCaller();
        var selection = request.ReadSelection(caller, body.Model);
        var agent = admission.FindAgent(selection, caller);
        var input = body.ToItems();
        var tools = body.ToTools();
        var (choice, isOneAtATime) = body.ToToolChoice(tools);
        var media = InputRules.ForResponses(config.Current.Gateway.Http.Endpoints);
        InputCheck.Check(input, media, "messages");
        var session = request.ReadSession(caller, agent.Id, "anthropic", user: null);
        return new RunRequest
        {
            RunId = RunId.New(session),
            Caller = caller,
            Agent = agent,
            Selection = selection,
            Session = session,
            Instructions = body.ToInstructions(),
            Input = input,
            Media = media,
            AllowsCommands = session is not null,
            Tools = tools,
            OwnTools = new Dictionary<string, string>(), // its clients bring their own
            ToolChoice = choice,
            MaxToolCalls = isOneAtATime ? 1 : null,
            Options = body.ToOptions(isOneAtATime),
            Limit = limits.Interactive,
        };
    }
}
