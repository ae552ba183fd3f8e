using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Tools;
using OpenClaw.Tools.Mcp;

namespace OpenClaw.Tests.Support.Mcp;

/// <summary>A gateway with MCP servers.</summary>
internal sealed class McpGateway : IAsyncDisposable
{
    private static readonly Caller Owner = new(Caller.OperatorSubject, Scope.Default, IsIdentity: false, IsOwner: true);

    private readonly GatewayHost _host;

    private McpGateway(GatewayHost host) => _host = host;

    public GatewayHost Host => _host;

    public McpServers Servers => _host.Services.GetRequiredService<McpServers>();

    public GatewayConfigStore Config => _host.Services.GetRequiredService<GatewayConfigStore>();

    private Agent Agent => _host.Services.GetRequiredService<AgentCatalog>().Default;

    /// <param name="servers">The value of <c>mcp.servers</c>.</param>
    public static async Task<McpGateway> StartAsync(string servers, Action<IServiceCollection>? services = null) =>
        new(await GatewayHost.StartAsync(configure: config => config.Mcp = Parse(servers), services: services));

    public static McpSection Parse(string servers) => TestConfig.Parse($"{{mcp: {{servers: {servers}}}}}").Config!.Mcp;

    /// <summary>The tools that the servers offer an agent.</summary>
    public async Task<IReadOnlyList<ITool>> ListAsync() => await Servers.ListAsync(Agent, CancellationToken.None);

    public async Task<string> NamesAsync() => string.Join(' ', (await ListAsync()).Select(tool => tool.Name));

    public async Task<ToolResult> CallAsync(string name, string arguments = "{}") =>
        await (await ListAsync()).Single(tool => tool.Name == name).RunAsync(
            new ToolCall("call_1", JsonElement.Parse(arguments), new ToolContext(Owner, Agent, null)), CancellationToken.None);

    /// <summary>The text of what a call gives back.</summary>
    public async Task<string> SayAsync(string name, string arguments = "{}") => TextOf(await CallAsync(name, arguments));

    public static string TextOf(ToolResult result) => string.Concat(result.Parts.OfType<TextPart>().Select(part => part.Text));

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
