using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Mcp;
using OpenClaw.Tests.Support.Tools;
using OpenClaw.Tools;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary>The official client of the Model Context Protocol, its requests spread over two instances.</summary>
public sealed class McpClientTests
{
    [Fact]
    [Trait("Feature", "T22")]
    public async Task Official_client_lists_and_calls_tools_whichever_instance_answers()
    {
        var tools = new TestTools(
            new TestTool("find", (call, _) => Task.FromResult(ToolResult.Of($"found {call.Arguments.GetProperty("n")}"))),
            new TestTool("broken", (_, _) => throw new ToolException("No such file.")), new TestTool("exec"));
        await using var one = await StartAsync(tools);
        await using var two = await StartAsync(tools);

        var passed = await NodeClient.RunAsync(
            McpSample.Folder,
            "client.mjs",
            new Dictionary<string, string> { ["INSTANCES"] = $"{one.Url} {two.Url}", ["TOKEN"] = GatewayHost.Token },
            TestContext.Current.CancellationToken);

        Assert.Equal(["connect", "ping", "list", "call", "errors", "instances", "refused"], passed);
    }

    private static Task<GatewayHost> StartAsync(TestTools tools) => GatewayHost.StartAsync(
        configure: config => config.Gateway.Http.Endpoints.Mcp.Enabled = true,
        services: services => services.AddSingleton<IToolSource>(tools));
}
