using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;
using OpenClaw.Runs.Input;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.ChatCompletions;

/// <summary>Chat completions: checks the request, runs the agent, answers as JSON or SSE.</summary>
public sealed class ChatCompletionsHandler(
    RunAdmission admission, RunAnswers answers, RunLimits limits, GatewayConfigStore config, TimeProvider time)
{
    /// <exception cref="GatewayException"><c>404 endpoint_disabled</c>, <c>400</c>, <c>409 session_busy</c>, upstream failures.</exception>
    public async Task<IResult> CreateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var endpoint = config.Current.Gateway.Http.Endpoints.ChatCompletions;
        if (!endpoint.Enabled)
        {
            throw new GatewayException(GatewayError.EndpointDisabled("gateway.http.endpoints.chatCompletions.enabled"));
        }

        var body = await IdempotentRequests.ReadBodyAsync(
            request, ChatJson.Default.ChatCompletionRequest, endpoint.MaxBodyBytes, cancellationToken);
        IgnoredFields.Report(request, body.More);
        return await answers.AnswerAsync(
            request, ToRunRequest(request, body), body.Stream == true, run => new ChatDialect(HeadOf(run, body)), cancellationToken);
    }

    private ChatHead HeadOf(AdmittedRun run, ChatCompletionRequest body) => new(
        "chatcmpl-" + RunId.OwnPart(run.Request.RunId).Replace("run_", "", StringComparison.Ordinal),
        (run.FirstAskedAt ?? time.GetUtcNow()).ToUnixTimeSeconds(), run.Request.Selection.Requested,
        IncludeUsage: body.StreamOptions?.IncludeUsage == true, UsesFunctions: body.UsesFunctions());

    private RunRequest ToRunRequest(HttpRequest request, ChatCompletionRequest body)
    {
        var caller = request.RequireCaller();
        var selection = request.ReadSelection(caller, body.Model);
        var agent = admission.FindAgent(selection, caller);
        var tools = body.ToTools();
        var input = body.ToItems();
        var media = InputRules.ForChat(config.Current.Gateway.Http.Endpoints);
        InputCheck.Check(input, media, "messages");
        var session = request.ReadSession(caller, agent.Id, "openai", body.User);
        return new RunRequest
        {
            RunId = RunId.New(session),
            Caller = caller,
            Agent = agent,
            Selection = selection,
            Session = session,
            Input = input,
            Media = media,
            AllowsCommands = true,
            Tools = tools,
            ToolChoice = body.ToToolChoice(tools),
            MaxToolCalls = body.UsesFunctions() ? 1 : null, // the older form has room for one
            Options = body.ToOptions(),
            Limit = limits.Interactive,
        };
    }
}
