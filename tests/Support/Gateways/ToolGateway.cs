using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Agents;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Tools;
using Xunit;

namespace OpenClaw.Tests.Support.Gateways;

/// <summary>Calls tools as the agent loop does, before any policy.</summary>
internal static class ToolGateway
{
    /// <summary>The tests' own objects have no generated code.</summary>
    private static readonly JsonSerializerOptions ByReflection = new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    public static Caller Operator { get; } = new(Caller.OperatorSubject, Scope.Default, IsIdentity: false, IsOwner: true);

    /// <summary>Anything as JSON.</summary>
    public static string Write(object value) => JsonSerializer.Serialize(value, ByReflection);

    /// <param name="id">Of the call; null for another each time.</param>
    public static async Task<ToolResult> CallAsync(
        this GatewayHost gateway, string name, object arguments, string? agent = null, Caller? caller = null, string? id = null,
        SessionKey? session = null)
    {
        var found = gateway.Services.GetRequiredService<AgentCatalog>().Find(agent)!;
        var tools = await gateway.Services.GetRequiredService<Toolbox>().ListAsync(found, CancellationToken.None);
        var call = new ToolCall(
            id ?? Guid.NewGuid().ToString("N"),
            arguments is string json ? JsonElement.Parse(json) : JsonElement.Parse(Write(arguments)),
            new ToolContext(caller ?? Operator, found, session));
        return await tools.Single(t => t.Name == name).RunAsync(call, CancellationToken.None);
    }

    /// <summary>The texts of the answer, joined.</summary>
    public static async Task<string> CallForTextAsync(
        this GatewayHost gateway, string name, object arguments, string? agent = null, Caller? caller = null, string? id = null,
        SessionKey? session = null) =>
        string.Concat((await gateway.CallAsync(name, arguments, agent, caller, id, session)).Parts.Cast<TextPart>().Select(p => p.Text));

    public static async Task<JsonElement> CallForJsonAsync(
        this GatewayHost gateway, string name, object arguments, string? agent = null, Caller? caller = null, string? id = null,
        SessionKey? session = null) =>
        JsonElement.Parse(await gateway.CallForTextAsync(name, arguments, agent, caller, id, session));

    /// <summary>Why the tool refuses.</summary>
    public static async Task<string> FailAsync(
        this GatewayHost gateway, string name, object arguments, string? agent = null, Caller? caller = null,
        SessionKey? session = null) =>
        (await Assert.ThrowsAsync<ToolException>(() => gateway.CallAsync(name, arguments, agent, caller, session: session))).Message;

    /// <summary>The texts of an answer, joined, of a call that a run makes.</summary>
    /// <param name="channel">The channel that the run answers, and the place there.</param>
    public static async Task<string> CallInRunAsync(
        this GatewayHost gateway, string name, object arguments, string id, SessionKey session, Caller? caller = null,
        string? channel = null, string? to = null)
    {
        var agent = gateway.Services.GetRequiredService<AgentCatalog>().Find(session.Agent)!;
        var tools = await gateway.Services.GetRequiredService<Toolbox>().ListAsync(agent, CancellationToken.None);
        var context = new ToolContext(caller ?? Operator, agent, session) { RunId = "run_1", Channel = channel, ChannelTo = to };
        var result = await tools.Single(t => t.Name == name).RunAsync(
            new ToolCall(id, JsonElement.Parse(Write(arguments)), context), CancellationToken.None);
        return string.Concat(result.Parts.Cast<TextPart>().Select(p => p.Text));
    }
}
