using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Realtime;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime;

/// <summary>The session methods of the control plane, and the methods about the gateway itself.</summary>
public class SessionMethodTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F90")]
    public async Task A_session_is_created_named_listed_found_reset_and_deleted()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await using var client = await ControlClient.ConnectAsync(gateway);
        await using var watcher = await ControlClient.ConnectAsync(gateway, "operator.read");
        await watcher.RequestAsync("sessions.subscribe");
        var created = await client.RequestAsync("sessions.create", """{"agentId":"main","label":"made"}""");
        var key = Text(created, "key")!;
        Assert.Equal("create", Text(await watcher.EventAsync("sessions.changed"), "reason"));
        await client.RequestAsync("sessions.patch", $$"""{"key":"{{key}}","label":"better","pinned":true}""");
        Assert.Equal("better", Text((await watcher.EventAsync("sessions.changed")).GetProperty("session"), "label"));

        var row = (await client.RequestAsync(
            "sessions.list", """{"includeGlobal":true,"includeUnknown":true,"configuredAgentsOnly":true,"limit":200,"ownerFirst":true}"""))
            .GetProperty("sessions")[0];
        Assert.Equal((key, "better", true, false), (
            Text(row, "key"), Text(row, "label"), row.GetProperty("pinned").GetBoolean(), row.GetProperty("hasActiveRun").GetBoolean()));
        Assert.Equal(key, Text(await client.RequestAsync("sessions.resolve", """{"label":"better"}"""), "key"));
        Assert.Equal(key, Text(await client.RequestAsync("sessions.resolve", $$"""{"sessionId":"{{Text(row, "sessionId")}}"}"""), "key"));
        await client.RequestAsync("sessions.send", $$"""{"key":"{{key}}","message":"hello","idempotencyKey":"m"}""");
        await client.ChatAsync("m");
        var preview = (await client.RequestAsync("sessions.preview", $$"""{"keys":["{{key}}","none"]}""")).GetProperty("previews");
        Assert.Equal(["ok", "missing"], preview.EnumerateArray().Select(p => Text(p, "status")));
        Assert.Equal(2, (await client.RequestAsync("sessions.get", $$"""{"key":"{{key}}"}""")).GetProperty("messages").GetArrayLength());

        await client.RequestAsync("sessions.reset", $$"""{"key":"{{key}}","reason":"reset"}""");
        Assert.Equal(0, (await client.RequestAsync("sessions.get", $$"""{"key":"{{key}}"}""")).GetProperty("messages").GetArrayLength());
        Assert.True((await client.RequestAsync("sessions.delete", $$"""{"key":"{{key}}"}""")).GetProperty("deleted").GetBoolean());
        Assert.False((await client.RequestAsync("sessions.delete", $$"""{"key":"{{key}}"}""")).GetProperty("deleted").GetBoolean());
        Assert.Equal(JsonValueKind.Null, (await client.RequestAsync("sessions.describe", $$"""{"key":"{{key}}"}""")).GetProperty("session").ValueKind);
    }

    [Fact]
    [Trait("Feature", "F24")]
    public async Task Archiving_needs_write_deleting_and_the_level_of_thinking_need_admin()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await using var client = await ControlClient.ConnectAsync(gateway, "operator.write");
        await client.RequestAsync("sessions.create", """{"key":"a"}""");
        Assert.Equal("FORBIDDEN", Text(await client.FailAsync("sessions.delete", """{"key":"a"}"""), "code"));
        Assert.Equal("FORBIDDEN", Text(await client.FailAsync("sessions.patch", """{"key":"a","thinkingLevel":"high"}"""), "code"));
        Assert.False((await client.RequestAsync("sessions.delete", """{"key":"a","archivedOnly":true}""")).GetProperty("deleted").GetBoolean());
        await client.RequestAsync("sessions.patch", """{"key":"a","archived":true,"unread":false,"expectedMarkedUnreadAt":null}""");
        Assert.Equal(0, (await client.RequestAsync("sessions.list")).GetProperty("totalCount").GetInt32());
        Assert.Equal(1, (await client.RequestAsync("sessions.list", """{"archived":"all"}""")).GetProperty("totalCount").GetInt32());
        Assert.True((await client.RequestAsync("sessions.delete", """{"key":"a","archivedOnly":true}""")).GetProperty("deleted").GetBoolean());
        Assert.Equal("SESSION_NOT_FOUND", Text((await client.FailAsync("sessions.patch", """{"key":"a","label":"x"}""")).GetProperty("details"), "code"));
        Assert.Equal(
            "invalid sessions.patch params: at root: unexpected property 'fastMode'",
            Text(await client.FailAsync("sessions.patch", """{"key":"a","fastMode":true}"""), "message"));
    }

    [Fact]
    public async Task A_session_that_was_named_freely_elsewhere_has_a_key_here_that_finds_it()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        using var chat = await gateway.PostChatAsync(
            """{"model":"openclaw","messages":[{"role":"user","content":"hi"}]}""", r => r.Headers.Add("x-openclaw-session-key", "team-room"));
        Assert.True(chat.IsSuccessStatusCode);
        await using var client = await ControlClient.ConnectAsync(gateway);
        var row = (await client.RequestAsync("sessions.list", """{"includeDerivedTitles":true,"includeLastMessage":true}""")).GetProperty("sessions")[0];

        Assert.Equal(("agent:main:team-room", "hi", "hi"), (Text(row, "key"), Text(row, "derivedTitle"), Text(row, "lastMessagePreview")));
        Assert.Equal(2, (await client.RequestAsync("chat.history", """{"sessionKey":"agent:main:team-room"}""")).GetProperty("totalMessages").GetInt32());
    }

    [Fact]
    public async Task The_gateway_tells_its_agents_models_presence_usage_and_tasks()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await using var client = await ControlClient.ConnectAsync(gateway);
        var agents = await client.RequestAsync("agents.list");
        Assert.Equal(("main", "main", "echo/echo"), (
            Text(agents, "defaultId"), Text(agents, "mainKey"), Text(agents.GetProperty("agents")[0].GetProperty("model"), "primary")));
        Assert.Equal("echo", Text((await client.RequestAsync("models.list", """{"view":"configured"}""")).GetProperty("models")[0], "id"));
        Assert.Equal("main", Text(await client.RequestAsync("agent.identity.get", """{"sessionKey":"agent:main:main"}"""), "agentId"));
        Assert.Equal(["gateway", "backend"], (await client.RequestAsync("system-presence", null)).EnumerateArray().Select(p => Text(p, "mode")));
        Assert.Equal(JsonValueKind.Null, (await client.RequestAsync("last-heartbeat", null)).ValueKind);
        await client.RequestAsync("chat.send", """{"sessionKey":"main","message":"one two three","idempotencyKey":"u"}""");
        await client.ChatAsync("u");
        var cost = await client.RequestAsync("usage.cost", """{"days":2}""");
        Assert.True(cost.GetProperty("totals").GetProperty("totalTokens").GetInt64() > 0);
        var status = await client.RequestAsync("status", """{"includeChannelSummary":true}""");
        Assert.Equal(1, status.GetProperty("sessions").GetProperty("count").GetInt32());
        var health = await client.RequestAsync("health");
        Assert.Equal(1, health.GetProperty("sessions").GetProperty("count").GetInt32());
        var taskId = Text((await client.RequestAsync("tasks.list", """{"sessionKey":"main","agentId":"main"}""")).GetProperty("tasks")[0], "id");
        Assert.Equal("completed", Text((await client.RequestAsync("tasks.get", $$"""{"taskId":"{{taskId}}"}""")).GetProperty("task"), "status"));
        Assert.False((await client.RequestAsync("tasks.cancel", $$"""{"taskId":"{{taskId}}"}""")).GetProperty("cancelled").GetBoolean());
    }

    [Fact]
    public async Task The_configuration_is_shown_without_any_secret()
    {
        var loaded = ConfigLoader.Parse(
            """
            { gateway: { auth: { token: "very-secret-token" }, http: { endpoints: { chatCompletions: { enabled: true } } } },
              models: { providers: { p: { api: "echo", apiKey: "provider-secret", headers: { "x-own": "header-secret" },
                models: [{ id: "echo", maxTokens: 4096 }] } } },
              channels: { slack: { enabled: false, botToken: "bot-secret" } }, agents: { defaults: { systemPrompt: "very-secret-token" } } }
            """,
            OpenClaw.Models.Providers.ProviderApis.Rules);
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, c =>
        {
            c.Document = loaded.Config!.Document;
            c.Gateway.Auth.Token = "very-secret-token";
        });
        await using var client = await ControlClient.OpenAsync(gateway);
        await client.RequestAsync("connect", ControlClient.ConnectParams("very-secret-token"));
        var shown = await client.RequestAsync("config.get");

        Assert.DoesNotContain("secret", Text(shown, "raw"), StringComparison.Ordinal);
        Assert.Equal(4096, shown.GetProperty("config").GetProperty("models").GetProperty("providers").GetProperty("p").GetProperty("models")[0]
            .GetProperty("maxTokens").GetInt32());
        Assert.Equal(
            "__OPENCLAW_REDACTED__", Text(shown.GetProperty("parsed").GetProperty("gateway").GetProperty("auth"), "token"));
        Assert.True(shown.GetProperty("valid").GetBoolean());
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
