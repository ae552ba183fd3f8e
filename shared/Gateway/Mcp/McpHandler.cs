using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Sessions;
using OpenClaw.Tools;
using OpenClaw.Tools.Policy;

namespace OpenClaw.Gateway.Mcp;

/// <summary>
/// The gateway's tools for clients of the Model Context Protocol: streamable HTTP without sessions, so that any instance answers any
/// request. Source: the protocol's specification 2025-06-18, "Transports" and "Tools".
/// </summary>
public sealed class McpHandler(
    AgentCatalog agents, ToolPolicy policy, ToolInvoker invoker, OriginRules origins, GatewayConfigStore config, HostTraits host,
    TimeProvider time)
{
    private const string VersionHeader = "MCP-Protocol-Version";

    /// <summary>The newest first. Later ones have no handshake.</summary>
    private static readonly string[] Versions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

    private static readonly TimeSpan BodyTime = TimeSpan.FromSeconds(60);

    private static readonly string Version = typeof(McpHandler).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <exception cref="GatewayException"><c>404 endpoint_disabled</c>, <c>403 origin_not_allowed</c>, <c>404 model_not_found</c>,
    /// <c>403 agent_not_allowed</c>, and those of reading a body.</exception>
    public async Task<IResult> CallAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var endpoint = config.Current.Gateway.Http.Endpoints.Mcp;
        if (!endpoint.Enabled)
        {
            throw new GatewayException(GatewayError.EndpointDisabled("gateway.http.endpoints.mcp.enabled"));
        }

        CheckOrigin(request);
        var body = await request.ReadBytesAsync(endpoint.MaxBodyBytes, BodyTime, cancellationToken);
        McpRequest? message = null;
        try
        {
            message = McpRequest.Read(body);
            var version = request.Headers[VersionHeader].ToString();
            if (version.Length > 0 && !Versions.Contains(version))
            {
                return McpAnswer.Of(
                    message.Id, new McpFailure(McpFailure.UnsupportedVersion, "This server does not speak that version of the protocol."),
                    StatusCodes.Status400BadRequest, Versions);
            }

            return message.Id is { } id
                ? await AnswerAsync(request, message, id, cancellationToken)
                : Results.StatusCode(StatusCodes.Status202Accepted); // nothing that a client tells needs to be remembered
        }
        catch (McpFailure failure)
        {
            return McpAnswer.Of(message?.Id, failure, message is null ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK);
        }
    }

    /// <summary>A page of another origin may not call, whatever secret it has: its user's browser would be the one who calls.</summary>
    private void CheckOrigin(HttpRequest request)
    {
        if (request.Headers.Origin.Count > 0 && !(request.Headers.Origin is [{ } origin]
            && (origins.IsListed(origin) || origins.IsOwn(request.HttpContext, origin))))
        {
            throw new GatewayException(GatewayError.OriginNotAllowed());
        }
    }

    private async Task<IResult> AnswerAsync(HttpRequest request, McpRequest message, JsonElement id, CancellationToken cancellationToken)
    {
        switch (message.Method)
        {
            case "initialize":
                var version = Versions.FirstOrDefault(known => known == message.Param("protocolVersion")) ?? Versions[0];
                return McpAnswer.Of(id, json => WriteInitialized(json, version));
            case "ping":
                return McpAnswer.Of(id, static _ => { });
            case "tools/list":
                var tools = await policy.EffectiveAsync(ContextOf(request), ToolSurface.Http, cancellationToken);
                return message.Param("cursor") is null
                    ? McpAnswer.Of(id, json => WriteTools(json, tools))
                    : throw new McpFailure(McpFailure.InvalidParams, "The list has one page; there is no such cursor.");
            case "tools/call":
                var result = await CallToolAsync(request, message, cancellationToken);
                return McpAnswer.Of(id, json => WriteResult(json, result));
            default:
                throw new McpFailure(McpFailure.MethodNotFound, "This server has no such method.");
        }
    }

    private async Task<ToolResult> CallToolAsync(HttpRequest request, McpRequest message, CancellationToken cancellationToken)
    {
        var name = message.Param("name") ?? throw new McpFailure(McpFailure.InvalidParams, "'name' must name a tool.");
        if (!message.Params.TryGetProperty("arguments", out var arguments))
        {
            arguments = JsonElement.Parse("{}");
        }

        if (arguments.ValueKind != JsonValueKind.Object)
        {
            throw new McpFailure(McpFailure.InvalidParams, "'arguments' must be an object.");
        }

        var call = new ToolCall($"mcp_{Guid.NewGuid():N}", arguments, ContextOf(request));
        try
        {
            return await AnswerLimit.RunAsync(
                host, time, runId: null, token => invoker.InvokeAsync(name, call, ToolSurface.Http, token), cancellationToken);
        }
        catch (GatewayException failure) when (failure.Error.Code == ErrorCode.ToolNotFound)
        {
            throw new McpFailure(McpFailure.InvalidParams, failure.Error.Message);
        }
        catch (GatewayException failure) when (failure.Error.Code == ErrorCode.ToolBlocked)
        {
            return ToolResult.Failed(failure.Error.Message);
        }
    }

    /// <summary>The agent that the header names decides which tools there are.</summary>
    private ToolContext ContextOf(HttpRequest request)
    {
        var caller = request.RequireCaller();
        var named = request.Headers[RunContext.AgentHeader].ToString();
        var agent = agents.Find(named.Length > 0 ? named : null) ?? throw new GatewayException(GatewayError.ModelNotFound(named));
        caller.RequireAgent(agent.Id);
        return new ToolContext(caller, agent, Session: null);
    }

    private static void WriteInitialized(Utf8JsonWriter json, string version)
    {
        json.WriteString("protocolVersion"u8, version);
        json.WriteStartObject("capabilities"u8);
        json.WriteStartObject("tools"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("serverInfo"u8);
        json.WriteString("name"u8, "openclaw-functions");
        json.WriteString("title"u8, "OpenClaw Functions");
        json.WriteString("version"u8, Version);
        json.WriteEndObject();
    }

    private static void WriteTools(Utf8JsonWriter json, IReadOnlyList<ITool> tools)
    {
        json.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, tool.Name);
            json.WriteString("description"u8, tool.Description);
            json.WritePropertyName("inputSchema"u8);
            tool.Schema.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteResult(Utf8JsonWriter json, ToolResult result)
    {
        json.WriteStartArray("content"u8);
        foreach (var part in result.Parts)
        {
            json.WriteStartObject();
            if (part is ImagePart { Url: var url } && url.Split([':', ';', ','], 4) is ["data", var type, "base64", var data])
            {
                json.WriteString("type"u8, "image"u8);
                json.WriteString("mimeType"u8, type);
                json.WriteString("data"u8, data);
            }
            else
            {
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, (part as TextPart)?.Text ?? "[content of another kind was left out]");
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("isError"u8, result.IsError);
    }
}
