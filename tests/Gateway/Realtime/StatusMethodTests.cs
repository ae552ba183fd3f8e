using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Channels;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Realtime;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime;

/// <summary>What clients learn about the gateway: its log, its usage, its providers and channels.</summary>
[Trait("Feature", "F11")]
public sealed class StatusMethodTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task The_log_is_read_from_a_cursor_on_by_the_operator_only_and_without_secrets()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await using var client = await ControlClient.ConnectAsync(gateway);
        var first = await client.RequestAsync("logs.tail");

        using var answer = await gateway.PostChatAsync("""{"model":"openclaw","user":"u","messages":[{"role":"user","content":"hi"}]}""");
        answer.EnsureSuccessStatusCode();
        gateway.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Some.Where").Log(
            LogLevel.Warning, default, $"somebody wrote {GatewayHost.Token} into the log", null, (text, _) => text);
        var next = await client.RequestAsync("logs.tail", $$"""{"cursor":{{first.GetProperty("cursor").GetInt64()}}}""");

        var lines = next.GetProperty("lines").EnumerateArray().Select(line => JsonElement.Parse(line.GetString()!)).ToList();
        Assert.Contains(lines, line => Text(line, "subsystem") == "RunEngine" && Text(line, "level") == "info");
        var written = Assert.Single(lines, line => Text(line, "subsystem") == "Where");
        Assert.Equal("somebody wrote [redacted] into the log", Text(written, "message"));
        Assert.DoesNotContain(GatewayHost.Token, next.ToString(), StringComparison.Ordinal);
        var cursor = next.GetProperty("cursor").GetInt64();
        var last = await client.RequestAsync("logs.tail", """{"limit":1}""");
        Assert.Equal((1, true, false), (
            last.GetProperty("lines").GetArrayLength(), last.GetProperty("truncated").GetBoolean(),
            last.GetProperty("reset").GetBoolean()));
        var foreign = await client.RequestAsync("logs.tail", $$"""{"cursor":{{cursor + 1_000_000}},"maxBytes":400}""");
        Assert.True(foreign.GetProperty("reset").GetBoolean());

        var (_, key) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        await using var reader = await ControlClient.OpenAsync(gateway);
        await reader.RequestAsync("connect", ControlClient.ConnectParams(key));
        Assert.Equal("FORBIDDEN", Text(await reader.FailAsync("logs.tail"), "code"));
    }

    [Fact]
    public async Task Usage_of_sessions_adds_up_and_each_caller_sees_its_own()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await using var client = await ControlClient.ConnectAsync(gateway);
        foreach (var (session, key) in new[] { ("one", "k1"), ("one", "k2"), ("two", "k3") })
        {
            await client.RequestAsync("chat.send", $$"""{"sessionKey":"{{session}}","message":"hello","idempotencyKey":"{{key}}"}""");
            await client.ChatAsync(key);
        }

        var usage = await client.RequestAsync("sessions.usage");

        var sessions = usage.GetProperty("sessions").EnumerateArray().ToList();
        Assert.Equal(["agent:main:one", "agent:main:two"], sessions.Select(row => Text(row, "key")).Order(StringComparer.Ordinal));
        Assert.Equal([1, 2], sessions.Select(row => row.GetProperty("usage").GetProperty("runs").GetInt32()).Order());
        Assert.Equal(
            usage.GetProperty("totals").GetProperty("totalTokens").GetInt64(),
            sessions.Sum(row => row.GetProperty("usage").GetProperty("totalTokens").GetInt64()));
        var model = Assert.Single(usage.GetProperty("aggregates").GetProperty("byModel").EnumerateArray());
        Assert.Equal(("echo", "echo", 3), (Text(model, "provider"), Text(model, "model"), model.GetProperty("count").GetInt32()));
        Assert.Equal("main", Text(usage.GetProperty("aggregates").GetProperty("byAgent")[0], "agentId"));
        var one = await client.RequestAsync(
            "sessions.usage", """{"key":"agent:main:two","startDate":"2020-01-01","endDate":"2020-01-02"}""");
        Assert.Equal(0, one.GetProperty("sessions").GetArrayLength());

        var (_, key2) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        await using var other = await ControlClient.OpenAsync(gateway);
        await other.RequestAsync("connect", ControlClient.ConnectParams(key2));
        Assert.Equal(0, (await other.RequestAsync("sessions.usage")).GetProperty("totals").GetProperty("totalTokens").GetInt64());
    }

    [Theory]
    [InlineData("""{"startDate":"yesterday"}""")]
    [InlineData("""{"startDate":"2030-01-02","endDate":"2030-01-01"}""")]
    [InlineData("""{"startDate":"2020-01-02","endDate":"2030-01-01"}""")]
    [InlineData("""{"limit":0}""")]
    public async Task A_period_that_is_none_is_refused(string parameters)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await using var client = await ControlClient.ConnectAsync(gateway);
        Assert.Equal("INVALID_REQUEST", Text(await client.FailAsync("sessions.usage", parameters), "code"));
    }

    [Fact]
    public async Task Providers_say_whether_they_take_the_gateways_credentials_and_channels_that_none_runs()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Always(call => call.RespondAsync(401, """{"error":{"message":"no"}}"""));
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, c =>
        {
            c.Models.Providers = new Dictionary<string, ProviderSection>
            {
                ["up"] = upstream.ProviderConfig(models: "m"),
                ["local"] = new ProviderSection { Api = "echo" },
            };
            c.Channels.Telegram = new TelegramSection { BotToken = "x" };
            c.Channels.Discord = new DiscordSection { Enabled = false };
        });
        await using var client = await ControlClient.ConnectAsync(gateway);

        using var refused = await gateway.PostChatAsync("""{"model":"openclaw","messages":[{"role":"user","content":"hi"}]}""");
        Assert.False(refused.IsSuccessStatusCode);
        var auth = await client.RequestAsync("models.authStatus");
        Assert.Equal([("up", "missing", true), ("local", "static", false)], auth.GetProperty("providers").EnumerateArray().Select(p => (
            Text(p, "provider"), Text(p, "status"), p.GetProperty("apiKey").GetProperty("configured").GetBoolean())));
        var channels = await client.RequestAsync("channels.status", """{"probe":true}""");
        Assert.Equal(["telegram", "discord"], channels.GetProperty("channelOrder").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal((true, false), (
            channels.GetProperty("channels").GetProperty("telegram").GetProperty("enabled").GetBoolean(),
            channels.GetProperty("channels").GetProperty("telegram").GetProperty("running").GetBoolean()));
        Assert.False(channels.GetProperty("channels").GetProperty("discord").GetProperty("enabled").GetBoolean());
    }

    [Fact]
    [Trait("Feature", "F90")]
    public async Task Calls_of_tools_and_their_results_reach_clients_that_take_them()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendCallAsync(0, "call_1", "weather", """{"city":"Bern"}""");
            await call.FinishAsync("tool_calls");
        });
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount, c =>
            c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig(models: "m") });
        await using var client = await ControlClient.OpenAsync(gateway);
        await client.RequestAsync("connect", ControlClient.ConnectParams(caps: "tool-events"));
        await using var other = await ControlClient.ConnectAsync(gateway);

        var asked = await gateway.CreateAsync(
            """
            {"model":"openclaw","input":"weather?","tools":[{"type":"function","name":"weather","parameters":{"type":"object"}}]}
            """);
        var start = await client.EventAsync("session.tool");
        await gateway.CreateAsync(
            $$"""
            {"model":"openclaw","previous_response_id":"{{asked.Id()}}","input":[{"type":"function_call_output","call_id":"call_1","output":"rain"}]}
            """);
        var result = await client.EventAsync("session.tool");

        Assert.Equal(("start", "weather", "Bern"), (
            Text(start.GetProperty("data"), "phase"), Text(start.GetProperty("data"), "name"),
            Text(start.GetProperty("data").GetProperty("args"), "city")));
        Assert.Equal(("result", "rain", Text(start.GetProperty("data"), "toolCallId")), (
            Text(result.GetProperty("data"), "phase"), Text(result.GetProperty("data"), "result"),
            Text(result.GetProperty("data"), "toolCallId")));
        await other.EventAsync("chat", p => Text(p, "state") == "final" && Text(p, "sessionKey") == Text(result, "sessionKey"));
        await other.RequestAsync("health");
        Assert.DoesNotContain(other.Frames, frame => frame.Contains("session.tool\",", StringComparison.Ordinal)
            && frame.Contains("\"type\":\"event\"", StringComparison.Ordinal));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
