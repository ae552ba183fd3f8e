using System.Net;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Mcp;
using Xunit;

namespace OpenClaw.Tests.Gateway.RestApi;

/// <summary>What operators see of the MCP servers.</summary>
public sealed class McpStatusTests
{
    [Fact]
    public async Task Servers_are_listed_with_what_is_known_of_them_and_connected_when_they_are_probed()
    {
        await using var server = await McpStandIn.StartAsync();
        await using var gateway = await McpGateway.StartAsync($$"""
            {
              docs: {url: '{{server.Url}}?key=s3cret'}, off: {url: '{{server.Url}}', enabled: false, transport: 'sse'},
              gone: {url: 'http://127.0.0.1:1/mcp', transport: 'streamable-http'},
            }
            """);

        Assert.Equal("docs http idle 0|off sse disabled 0|gone streamable-http idle 0", await ListAsync(gateway, "/api/mcp"));
        Assert.Empty(server.Methods);
        Assert.Equal("docs http connected 1", await ListAsync(gateway, "/api/v1/mcp?probe=docs"));
        Assert.Equal(
            "gone streamable-http error 0 It cannot be reached, or the connection broke off.",
            await ListAsync(gateway, "/api/mcp?probe=gone"));
        using var health = await gateway.Host.Client.GetAsync("/health/detailed");
        var details = await health.ReadJsonAsync();
        Assert.Equal("""{"docs":"connected","off":"disabled","gone":"error"}""", details.GetProperty("mcp").GetRawText());
        using var unknown = await gateway.Host.Client.GetAsync("/api/mcp?probe=nothing");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("MCP_SERVER_NOT_FOUND", (await unknown.ReadJsonAsync()).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    [Trait("Feature", "T34")]
    public async Task Command_line_lists_and_probes_servers_without_their_secrets()
    {
        await using var server = await McpStandIn.StartAsync();
        await using var gateway = await McpGateway.StartAsync($"{{docs: {{url: '{server.Url}?key=s3cret'}}}}");
        var environment = new Dictionary<string, string>
        {
            ["OPENCLAW__mcp__servers"] = $"{{docs: {{url: '{server.Url}?key=s3cret'}}, local: {{command: 'npx', args: ['s3cret']}}}}",
        };

        var listed = await CommandProcess.RunAsync(["mcp", "list"], environment);
        Assert.Equal(0, listed.ExitCode);
        Assert.Contains("docs", listed.Output, StringComparison.Ordinal);
        Assert.Contains("stdio", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", listed.Output, StringComparison.Ordinal);

        var probed = await CommandProcess.RunAsync(
            ["mcp", "status", "docs", "--url", gateway.Host.Url, "--token", GatewayHost.Token]);
        Assert.Equal(0, probed.ExitCode);
        Assert.Matches(@"docs +http +connected +1 ", probed.Output);
    }

    private static async Task<string> ListAsync(McpGateway gateway, string path)
    {
        using var answer = await gateway.Host.Client.GetAsync(path);
        var servers = (await answer.ReadJsonAsync()).GetProperty("data").GetProperty("servers");
        return string.Join('|', servers.EnumerateArray().Select(server => string.Join(' ', new[]
        {
            server.GetProperty("name").GetString(), server.GetProperty("transport").GetString(), server.GetProperty("status").GetString(),
            server.GetProperty("tools").GetRawText(), server.TryGetProperty("error", out var error) ? error.GetString() : "",
        }).TrimEnd()));
    }
}
