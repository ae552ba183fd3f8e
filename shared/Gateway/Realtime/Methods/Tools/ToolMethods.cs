using System.Text.Json;
using OpenClaw.Agents;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Gateway.Runs;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Tools;
using OpenClaw.Tools.BuiltIn;
using OpenClaw.Tools.Direct;
using OpenClaw.Tools.Policy;

namespace OpenClaw.Gateway.Realtime.Methods.Tools;

/// <summary><c>tools.*</c>: which tools there are, which of them a session has, and calls of one.</summary>
internal sealed class ToolMethods(
    AgentCatalog agents, Toolbox toolbox, ToolPolicy policy, DirectCalls calls, SessionNames names) : IControlMethods
{
    private const string Core = "core";

    private const string Plugin = "plugin";

    /// <summary>For idempotency keys: not that of <c>/tools/invoke</c>, whose bodies are others.</summary>
    private const string Route = "tools.invoke";

    public void AddTo(MethodTable table)
    {
        var json = ToolMethodsJson.Default;
        table.Add("tools.catalog", Scope.OperatorRead, json.ToolsCatalogParams, json.ToolsCatalog, CatalogAsync);
        table.Add("tools.effective", Scope.OperatorRead, json.ToolsEffectiveParams, json.ToolsEffective, EffectiveAsync);
        table.Add("tools.invoke", Scope.OperatorWrite, json.ToolsInvokeParams, json.ToolsInvoked, InvokeAsync);
    }

    private async Task<ToolsCatalog> CatalogAsync(ControlCall call, ToolsCatalogParams given, CancellationToken cancellationToken)
    {
        var agent = AgentOf(call, given.AgentId);
        var tools = await toolbox.ListAsync(agent, cancellationToken);
        var groups = tools.GroupBy(GroupOf).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new CatalogGroup(
            group.Key, LabelOf(group.Key), SourceOf(group.First()), [.. group.Select(tool => new CatalogTool(
                tool.Name, tool.Name, tool.Description, SourceOf(tool), ToolProfileList.Of(tool)))]));
        return new ToolsCatalog(agent.Id, [.. ToolProfileList.Names.Select(name => new CatalogProfile(name, LabelOf(name)))], [.. groups]);
    }

    private async Task<ToolsEffective> EffectiveAsync(ControlCall call, ToolsEffectiveParams given, CancellationToken cancellationToken)
    {
        var (agent, session) = await PlaceOfAsync(call, given.SessionKey, given.AgentId, cancellationToken);
        var tools = await policy.EffectiveAsync(new ToolContext(call.Caller, agent, session), ToolSurface.Run, cancellationToken);
        var groups = tools.GroupBy(SourceOf).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new EffectiveGroup(
            group.Key, group.Key == Core ? "Built-in tools" : "Added tools", group.Key, [.. group.Select(tool => new EffectiveTool(
                tool.Name, tool.Name, tool.Description, tool.Description, SourceOf(tool)))]));
        return new ToolsEffective(agent.Id, agent.Tools.Rules.Profile ?? "full", [.. groups]);
    }

    private async Task<ToolsInvoked> InvokeAsync(ControlCall call, ToolsInvokeParams given, CancellationToken cancellationToken)
    {
        var (agent, session) = await PlaceOfAsync(call, given.SessionKey, given.AgentId, cancellationToken);
        var arguments = given.Args.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? JsonElement.Parse("{}")
            : given.Args.ValueKind == JsonValueKind.Object ? given.Args
            : throw RpcException.Invalid("invalid tools.invoke params: at /args: must be object");
        var direct = new DirectCall(new ToolContext(call.Caller, agent, session), given.Name, arguments)
        {
            Key = given.IdempotencyKey is { } key ? new IdempotencyKey(
                call.Caller.Subject, Route, key, Secret.HashName(given.Name, arguments.GetRawText(), agent.Id, session?.Key ?? "")) : null,
        };
        try
        {
            var answer = await calls.RunAsync(direct, cancellationToken);
            var content = answer.Result!.Parts.Select(ToolContent.Of).OfType<ToolContent>().ToList();
            return answer.Result.IsError
                ? Failed(given.Name, ErrorCode.ToolError, string.Concat(content.Select(part => part.Text)))
                : new ToolsInvoked(true, answer.Tool) { Output = new ToolOutput(content), Source = Core };
        }
        catch (GatewayException refused) when (refused.Error.Status is 400 or 403 or 404 or 409 or 422)
        {
            return Failed(given.Name, refused.Error.Code, refused.Error.Message) with
            {
                RequiresApproval = refused.Error.RequiresApproval ? true : null,
            };
        }
    }

    private Agent AgentOf(ControlCall call, string? id)
    {
        var agent = agents.Find(id) ?? throw new GatewayException(GatewayError.ModelNotFound(id!));
        call.Caller.RequireAgent(agent.Id);
        return agent;
    }

    private async Task<(Agent Agent, SessionKey? Session)> PlaceOfAsync(
        ControlCall call, string? sessionKey, string? agentId, CancellationToken cancellationToken)
    {
        if (sessionKey is null)
        {
            return (AgentOf(call, agentId), null);
        }

        var (session, _) = await names.FindAsync(call.Caller, sessionKey, agentId, cancellationToken);
        return (AgentOf(call, session.Agent), session);
    }

    private static ToolsInvoked Failed(string tool, string code, string message) =>
        new(false, tool) { Error = new ToolFailure(code, message) };

    private static string GroupOf(ITool tool) => tool.Groups is [var first, ..] ? first.Replace("group:", "", StringComparison.Ordinal)
        : "other";

    private static string SourceOf(ITool tool) => tool is BuiltInTool ? Core : Plugin;

    private static string LabelOf(string id) => char.ToUpperInvariant(id[0]) + id[1..];
}
