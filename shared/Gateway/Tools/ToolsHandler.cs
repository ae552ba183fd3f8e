using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Tools;
using OpenClaw.Tools.Direct;

namespace OpenClaw.Gateway.Tools;

/// <summary><c>/tools/invoke</c>: calls one tool.</summary>
public sealed class ToolsHandler(DirectCalls calls, AgentCatalog agents, HostTraits host, TimeProvider time)
{
    private const long MaxBody = 2_000_000;

    private const int MaxContext = 256;

    /// <summary>Both paths are one operation, so that a repeated call may take the other one.</summary>
    private const string Route = "POST /tools/invoke";

    private static readonly string[] ContextHeaders =
        ["x-openclaw-message-channel", "x-openclaw-account-id", "x-openclaw-message-to", "x-openclaw-thread-id"];

    /// <exception cref="GatewayException"><c>400 invalid_argument</c>, <c>400 tool_error</c>: the tool could not do it, <c>404
    /// tool_not_found</c>, <c>403 tool_blocked</c>, <c>413 request_too_large</c>, <c>409 tool_call_pending</c>, <c>422
    /// idempotency_mismatch</c>, <c>504 run_timeout</c>.</exception>
    public async Task<IResult> InvokeAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await IdempotentRequests.ReadBodyAsync(
            request, ToolsFrontJson.Default.ToolInvokeRequest, MaxBody, cancellationToken, bodyMayHoldKey: true);
        IgnoredFields.Report(request, body.Unknown);
        var call = Read(request, body);
        var answer = await AnswerLimit.RunAsync(host, time, null, token => calls.RunAsync(call, token), cancellationToken);
        if (answer.Result is { IsError: true } failed)
        {
            throw new GatewayException(GatewayError.InvalidRequest(TextOf(failed), null, ErrorCode.ToolError));
        }

        var result = answer.Result is { } done ? ToolInvokeResult.Of(done) : new ToolInvokeResult { Tool = answer.Tool, DryRun = true };
        return new JsonResult<ToolInvokeAnswer>(new ToolInvokeAnswer(true, result), ToolsFrontJson.Default.ToolInvokeAnswer);
    }

    private DirectCall Read(HttpRequest request, ToolInvokeRequest body)
    {
        var caller = request.RequireCaller();
        var tool = (body.Name ?? body.Tool)?.Trim();
        if (string.IsNullOrEmpty(tool))
        {
            throw new GatewayException(GatewayError.MissingField("tool"));
        }

        var (agent, session) = ReadPlace(request, body, caller);
        var context = new ToolContext(caller, agent, session)
        {
            Channel = Header(request, 0),
            ChannelAccount = Header(request, 1),
            ChannelTo = Header(request, 2),
            ChannelThread = Header(request, 3),
        };
        return new DirectCall(context, tool, ReadArguments(body))
        {
            Action = body.Action,
            IsDryRun = body.DryRun == true,
            Key = IdempotentRequests.ReadKey(request, body.IdempotencyKey) is { } key
                ? new IdempotencyKey(caller.Subject, Route, key, Hash(request)) : null,
        };
    }

    /// <summary>The agent that the request names, else that of its session, else the default agent; and the session.</summary>
    private (Agent Agent, SessionKey? Session) ReadPlace(HttpRequest request, ToolInvokeRequest body, Caller caller)
    {
        var named = body.SessionKey ?? NullIfEmpty(request.Headers[RunContext.SessionHeader].ToString());
        var asked = body.AgentId ?? NullIfEmpty(request.Headers[RunContext.AgentHeader].ToString());
        var ofSession = named?.Trim().Split(':') is ["agent", var owner, _, ..] ? owner : null;
        var agent = agents.Find(asked ?? ofSession) ?? throw new GatewayException(GatewayError.ModelNotFound(asked ?? ofSession!));
        caller.RequireAgent(agent.Id);
        if (ofSession is not null && !agent.Id.Equals(ofSession, StringComparison.OrdinalIgnoreCase))
        {
            throw new GatewayException(GatewayError.InvalidRequest(
                $"The session key names the agent '{ofSession}', the request another one.", "sessionKey", ErrorCode.InvalidSessionKey));
        }

        var session = named is null ? null
            : named.Trim() == "main" ? SessionKey.Of(caller, agent.Id, $"agent:{agent.Id}:main")
            : SessionKey.Explicit(caller, agent.Id, named, "sessionKey");
        return (agent, session);
    }

    private static JsonElement ReadArguments(ToolInvokeRequest body)
    {
        var (args, arguments) = (body.Args, body.Arguments);
        var (hasArgs, hasArguments) = (IsGiven(args), IsGiven(arguments));
        if (hasArgs && hasArguments && !JsonElement.DeepEquals(args, arguments))
        {
            throw new GatewayException(GatewayError.InvalidRequest(
                "'args' and 'arguments' are the same field; send one of them.", "arguments", ErrorCode.InvalidValue));
        }

        var given = hasArgs ? args : hasArguments ? arguments : JsonElement.Parse("{}");
        return given.ValueKind == JsonValueKind.Object ? given
            : throw new GatewayException(GatewayError.InvalidType(hasArgs ? "args" : "arguments", "an object"));
    }

    private static bool IsGiven(JsonElement value) => value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    private static string? Header(HttpRequest request, int index)
    {
        var name = ContextHeaders[index];
        var value = request.Headers[name].ToString().Trim();
        return value.Length == 0 ? null
            : value.Length <= MaxContext && !value.Any(char.IsControl) ? value
            : throw new GatewayException(GatewayError.InvalidValue(name, $"at most {MaxContext} printable characters."));
    }

    /// <summary>What a call asks for: its body, and the headers that change it.</summary>
    private static string Hash(HttpRequest request)
    {
        var parts = new List<string> { Convert.ToHexStringLower(request.HttpContext.Features.Get<BodyDigest>()!.Hash!) };
        foreach (var name in (IEnumerable<string>)[.. ContextHeaders, RunContext.AgentHeader, RunContext.SessionHeader])
        {
            parts.Add(request.Headers[name].ToString());
        }

        return Secret.HashName([.. parts]);
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static string TextOf(ToolResult result) =>
        result.Parts.OfType<TextPart>().Aggregate(new StringBuilder(), (all, part) => all.Append(part.Text)).ToString();
}
