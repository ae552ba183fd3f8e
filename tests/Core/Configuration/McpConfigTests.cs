using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Configuration;

/// <summary>The <c>mcp</c> section.</summary>
public sealed class McpConfigTests
{
    [Fact]
    public void Servers_are_read_with_the_originals_keys()
    {
        var loaded = TestConfig.Parse(
            """
            {mcp: {sessionIdleTtlMs: 1, servers: {
              docs: {
                url: "http://10.0.0.5:8080/mcp?v=1", transport: "sse", headers: {Authorization: "Bearer ${DOCS}"},
                connectionTimeoutMs: 5, requestTimeoutMs: 7, toolFilter: {include: ["a*"], exclude: ["ab"]},
                supportsParallelToolCalls: true, sslVerify: false,
              },
              local: {command: "npx", args: ["-y", "x"], env: {KEY: {source: "env", id: "DOCS"}}, workingDirectory: "/srv", enabled: false},
            }}}
            """,
            new Dictionary<string, string> { ["DOCS"] = "s3cret-of-docs" });

        var (docs, local) = (loaded.Config!.Mcp.Servers["docs"], loaded.Config.Mcp.Servers["local"]);
        Assert.Equal(("sse", "Bearer s3cret-of-docs", 5, 7, true), (
            docs.Transport, docs.Headers["authorization"], docs.ConnectionTimeoutMs, docs.RequestTimeoutMs, docs.Enabled));
        Assert.Equal(["a*", "ab"], docs.Include!.Concat(docs.Exclude));
        Assert.Equal(("npx", "/srv", "s3cret-of-docs", false), (local.Command, local.Cwd, local.Env["KEY"], local.Enabled));
        Assert.Equal((30_000, 60_000), (local.ConnectionTimeoutMs, local.RequestTimeoutMs));
        Assert.Equal(
            ["mcp.servers.docs.sslVerify", "mcp.servers.docs.supportsParallelToolCalls", "mcp.sessionIdleTtlMs"],
            loaded.Warnings.Select(warning => warning.Path).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["Bearer s3cret-of-docs", "s3cret-of-docs"], ConfigSecrets.Of(loaded.Config).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("{}", "mcp.servers.x.url must be set, or 'command' for a program to start.")]
    [InlineData("{transport: 'stdio'}", "mcp.servers.x.command must be set: the program to start.")]
    [InlineData(
        "{url: 'https://a.example', command: 'b'}", "mcp.servers.x.command cannot stand beside 'url': a server is one or the other.")]
    [InlineData("{url: 'ftp://a.example'}", "mcp.servers.x.url must be an absolute http or https URL without credentials.")]
    [InlineData("{url: 'https://u:p@a.example'}", "mcp.servers.x.url must be an absolute http or https URL without credentials.")]
    [InlineData("{command: 'b', env: {'A=B': 'c'}}", "The key of mcp.servers.x.env[\"A=B\"] must be the name of an environment variable.")]
    [InlineData("{url: 'https://a.example', tool: 1}", "mcp.servers.x.tool is not a known key.")]
    public void Mistakes_name_their_key(string server, string error) =>
        Assert.Equal([error], TestConfig.Parse($"{{mcp: {{servers: {{x: {server}}}}}}}").Errors.Select(problem => problem.Message));
}
