using Microsoft.AspNetCore.Http;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;
using OpenClaw.Runs.Input;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.ChatCompletions;

/// <summary>Chat completions: checks the request, runs the agent, answers as JSON or SSE.</summary>
public sealed class ChatCompletionsHandler(
    RunEngine runs, AgentCatalog agents, IdempotentRequests idempotency, RunLimits limits, GatewayConfigStore config, HostTraits host, TimeProvider time)
{
    /// <exception cref="GatewayException"><c>404 endpoint_disabled</c>, <c>400</c>, <c>409 session_busy</c>, upstream failures.</exception>
    public async Task<IResult> CreateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var endpoint = config.Current.Gateway.Http.Endpoints.ChatCompletions;
        if (!endpoint.Enabled)
        {
            throw new GatewayException(GatewayError.EndpointDisabled("gateway.http.endpoints.chatCompletions.enabled"));
        }

        var body = await request.ReadJsonAsync(ChatJson.Default.ChatCompletionRequest, endpoint.MaxBodyBytes, cancellationToken);
        var (run, first) = await idempotency.ClaimAsync(request, ToRunRequest(request, body), runs, null, cancellationToken);
        var createdAt = first ?? time.GetUtcNow();
        var head = new ChatHead(
            "chatcmpl-" + RunId.OwnPart(run.RunId).Replace("run_", "", StringComparison.Ordinal), createdAt.ToUnixTimeSeconds(), run.Selection.Requested,
            IncludeUsage: body.StreamOptions?.IncludeUsage == true);
        return body.Stream == true
            ? new SseResult<ChatCompletionChunk>(runs.StreamAsync(run, cancellationToken).ToChunks(head, cancellationToken), ChatJson.Default.ChatCompletionChunk)
            : new JsonResult<ChatCompletion>(
                await AnswerLimit.RunAsync(host, time, run, token => runs.StreamAsync(run, token).ToCompletionAsync(head, token), cancellationToken),
                ChatJson.Default.ChatCompletion);
    }

    private RunRequest ToRunRequest(HttpRequest request, ChatCompletionRequest body)
    {
        var caller = request.RequireCaller();
        var selection = request.ReadSelection(caller, body.Model);
        var agent = agents.Find(selection.Agent) ?? throw new GatewayException(GatewayError.ModelNotFound(selection.Requested));
        var tools = body.ToTools();
        var input = body.ToItems();
        var media = InputRules.ForChat(config.Current.Gateway.Http.Endpoints);
        InputCheck.Check(input, media, "messages");
        var session = request.ReadSession(caller, agent.Id, "openai", body.User);
        return new RunRequest
        {
            RunId = RunId.New(session),
            Caller = caller,
            Selection = selection,
            Session = session,
            Input = input,
            Media = media,
            AllowsCommands = true,
            Tools = tools,
            ToolChoice = ToolNames.ReadChoice(body.ToolChoice, [.. tools.Select(t => t.Name)]),
            Options = body.ToOptions(),
            Limit = limits.Interactive,
        };
    }
}
