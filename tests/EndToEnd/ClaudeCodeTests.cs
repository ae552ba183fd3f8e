using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary>The unmodified Claude Code command line in print mode, with a gateway in place of Anthropic.</summary>
public sealed class ClaudeCodeTests
{
    [Fact]
    public async Task One_turn_is_answered()
    {
        using var claude = await ClaudeCode.InstallAsync();
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Always(call => call.StreamTextAsync("Greetings ", "from the gateway."));
        var (exitCode, output) = await claude.PrintAsync("Say hello", new Uri(gateway.Url), GatewayHost.Token);

        Assert.Equal(0, exitCode);
        Assert.Contains("Greetings from the gateway.", output, StringComparison.Ordinal);
        Assert.Contains("Say hello", upstream.Requests[0].Body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_that_the_model_calls_is_run_by_the_client_and_its_result_comes_back()
    {
        using var claude = await ClaudeCode.InstallAsync();
        var note = Path.Combine(claude.Work, "note.txt");
        await File.WriteAllTextAsync(note, "The password of the garden gate is marigold.");
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Always(async call =>
        {
            var result = call.Request.Body.GetProperty("messages").EnumerateArray().LastOrDefault(
                m => m.GetProperty("role").GetString() == "tool");
            if (result.ValueKind == JsonValueKind.Object)
            {
                await call.StreamTextAsync("The note says: ", result.GetProperty("content").GetString()!);
                return;
            }

            await call.StartStreamAsync();
            await call.SendCallAsync(0, "call_read", "Read", $$"""{"file_path":"{{note}}"}""");
            await call.FinishAsync("tool_calls");
        });
        var (exitCode, output) = await claude.PrintAsync("What does note.txt say?", new Uri(gateway.Url), GatewayHost.Token);

        Assert.Equal(0, exitCode);
        Assert.Contains("marigold", output, StringComparison.Ordinal);
        Assert.Equal(2, upstream.Requests.Count);
    }

    [Fact]
    public async Task A_wrong_token_ends_the_run_at_once()
    {
        using var claude = await ClaudeCode.InstallAsync();
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        // within its patience, or it throws
        var (exitCode, output) = await claude.PrintAsync("Say hello", new Uri(gateway.Url), "wrong-token");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("401", output, StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);
    }

    private static Task<GatewayHost> StartAsync(ScriptedUpstream upstream) =>
        GatewayHost.StartAsync(
            configure: c => c.Models.Providers = new Dictionary<string,
            ProviderSection>
            { ["mock"] = upstream.ProviderConfig("openai-completions", "test-model") });
}
