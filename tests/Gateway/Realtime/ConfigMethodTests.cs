using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Realtime;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime;

/// <summary>The configuration is read and changed by clients of a real process with a real file.</summary>
[Trait("Feature", "F92")]
public sealed class ConfigMethodTests(AzuriteFixture azurite) : IDisposable
{
    private const string Placeholder = "__OPENCLAW_REDACTED__";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openclaw-config-");

    private string ConfigPath => Path.Combine(_folder.FullName, "openclaw.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_saved_configuration_is_in_force_at_once_and_keeps_the_secrets_that_the_client_never_saw()
    {
        await using var gateway = await StartAsync();
        await using var client = await ControlClient.ConnectAsync(gateway.Url);
        await using var other = await ControlClient.ConnectAsync(gateway.Url);
        var shown = await client.RequestAsync("config.get");
        Assert.DoesNotContain("key-of-the-provider", shown.ToString(), StringComparison.Ordinal);
        Assert.Equal(["${KEY_OF_THE_ENVIRONMENT}", Placeholder], Keys(shown.GetProperty("parsed")));

        var edited = shown.GetProperty("raw").GetString()!.Replace("\"first\"", "\"second\"", StringComparison.Ordinal);
        var saved = await client.RequestAsync("config.set", Params(edited, Text(shown, "hash")));

        Assert.True(saved.GetProperty("ok").GetBoolean());
        Assert.Equal("openclaw.json", Text(saved, "path"));
        Assert.DoesNotContain("key-of-the-provider", saved.ToString(), StringComparison.Ordinal);
        Assert.Contains("key-of-the-provider", await File.ReadAllTextAsync(ConfigPath), StringComparison.Ordinal);
        Assert.Contains("// by hand", await File.ReadAllTextAsync(ConfigPath + ".bak"), StringComparison.Ordinal);
        Assert.Equal("second", Text((await client.RequestAsync("models.list")).GetProperty("models")[0], "id"));
        var changed = await other.EventAsync("config.changed");
        Assert.Equal((Text(saved, "hash"), "openclaw.json"), (Text(changed, "hash"), Text(changed, "path")));
        Assert.Equal(Text(saved, "hash"), Text(await other.RequestAsync("config.get"), "hash"));
    }

    [Fact]
    public async Task A_save_on_top_of_what_has_changed_since_is_refused_and_one_that_is_there_already_is_not()
    {
        await using var gateway = await StartAsync();
        await using var client = await ControlClient.ConnectAsync(gateway.Url);
        var shown = await client.RequestAsync("config.get");
        var (raw, hash) = (Text(shown, "raw"), Text(shown, "hash"));
        var second = raw.Replace("\"first\"", "\"second\"", StringComparison.Ordinal);
        await client.RequestAsync("config.set", Params(second, hash));

        var again = await client.RequestAsync("config.set", Params(second, hash)); // the answer may have been lost
        Assert.True(again.GetProperty("noop").GetBoolean());
        var third = raw.Replace("\"first\"", "\"third\"", StringComparison.Ordinal);
        Assert.Equal("CONFIG_CHANGED", Code(await client.FailAsync("config.set", Params(third, hash))));
        Assert.Equal("CONFIG_CHANGED", Code(await client.FailAsync("config.apply", Params(third, null))));
        Assert.Contains("second", await File.ReadAllTextAsync(ConfigPath), StringComparison.Ordinal);
        await client.RequestAsync("config.apply", Params(third, Text(again, "hash")));
    }

    [Fact]
    public async Task A_patch_merges_objects_and_entries_with_ids_and_takes_nothing_out_of_a_list_unasked()
    {
        await using var gateway = await StartAsync();
        await using var client = await ControlClient.ConnectAsync(gateway.Url);
        var hash = Text(await client.RequestAsync("config.get"), "hash");

        var patched = await client.RequestAsync("config.patch", Params(
            """
            { gateway: { publicUrl: null, http: { cors: { origins: ["https://a.example", "https://b.example"] } } },
              models: { providers: { up: { models: [{ id: "second" }] } } } }
            """, hash));

        var config = patched.GetProperty("config");
        Assert.False(config.GetProperty("gateway").TryGetProperty("publicUrl", out _));
        Assert.Equal(2, config.GetProperty("gateway").GetProperty("http").GetProperty("cors").GetProperty("origins").GetArrayLength());
        Assert.Equal(["first", "second"], config.GetProperty("models").GetProperty("providers").GetProperty("up").GetProperty("models")
            .EnumerateArray().Select(model => Text(model, "id")));
        const string Shorter = """{ gateway: { http: { cors: { origins: ["https://b.example"] } } } }""";
        var refused = await client.FailAsync("config.patch", Params(Shorter, Text(patched, "hash")));
        Assert.Equal("gateway.http.cors.origins", Text(refused.GetProperty("details").GetProperty("issues")[0], "path"));
        var shorter = await client.RequestAsync(
            "config.patch", Params(Shorter, Text(patched, "hash"), "gateway.http.cors.origins"));
        Assert.Equal("https://b.example", shorter.GetProperty("config").GetProperty("gateway").GetProperty("http").GetProperty("cors")
            .GetProperty("origins")[0].GetString());
        Assert.Contains("key-of-the-provider", await File.ReadAllTextAsync(ConfigPath), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ gateway: { prot: 1 } }""", "gateway.prot")]
    [InlineData("""{ gateway: { auth: { mode: "password" } } }""", "gateway.auth")]
    [InlineData("""{ gateway: { auth: { password: "__OPENCLAW_REDACTED__" } } }""", "gateway.auth.password")]
    [InlineData("""{ gateway: """, "gateway")]
    public async Task What_is_no_usable_configuration_is_refused_with_its_path_and_changes_nothing(string patch, string path)
    {
        await using var gateway = await StartAsync();
        await using var client = await ControlClient.ConnectAsync(gateway.Url);
        var (before, hash) = (await File.ReadAllTextAsync(ConfigPath), Text(await client.RequestAsync("config.get"), "hash"));

        var refused = await client.FailAsync("config.patch", Params(patch, hash));

        Assert.Equal("CONFIG_INVALID", Code(refused));
        Assert.Equal(path, Text(refused.GetProperty("details").GetProperty("issues")[0], "path"));
        Assert.Equal(before, await File.ReadAllTextAsync(ConfigPath));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public async Task A_setting_that_needs_a_restart_is_named_and_the_thirty_first_change_of_a_minute_refused()
    {
        await using var gateway = await StartAsync();
        await using var client = await ControlClient.ConnectAsync(gateway.Url);
        var hash = Text(await client.RequestAsync("config.get"), "hash");
        const string Patch = """{ storage: { prefix: "another" } }""";
        var patched = await client.RequestAsync("config.patch", Params(Patch, hash));
        Assert.Equal("storage.prefix", patched.GetProperty("restartRequired")[0].GetString());
        for (var i = 1; i < 30; i++)
        {
            await client.RequestAsync("config.patch", Params(Patch, hash));
        }

        var refused = await client.FailAsync("config.patch", Params(Patch, hash));
        Assert.Equal(("UNAVAILABLE", "CONFIG_RATE_LIMITED", true), (
            Text(refused, "code"), Code(refused), refused.GetProperty("retryable").GetBoolean()));
        Assert.InRange(refused.GetProperty("retryAfterMs").GetInt64(), 1, 60_000);
    }

    [Fact]
    [Trait("Feature", "F24")]
    public async Task Only_an_administrator_changes_it_and_only_where_there_is_a_file()
    {
        await using var process = await StartAsync();
        await using var writer = await ControlClient.ConnectAsync(process.Url, "operator.read", "operator.write");
        var refused = await writer.FailAsync("config.set", Params("{}", null));
        Assert.Equal("operator.admin", Text(refused.GetProperty("details"), "missingScope"));

        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await using var client = await ControlClient.OpenAsync(gateway);
        var hello = await client.RequestAsync("connect", ControlClient.ConnectParams());
        var methods = hello.GetProperty("features").GetProperty("methods").EnumerateArray().Select(name => name.GetString()).ToList();
        Assert.Contains("config.schema", methods);
        Assert.DoesNotContain("config.set", methods);
        Assert.Equal("CONFIG_NOT_WRITABLE", Code(await client.FailAsync("config.set", Params("{}", null))));
    }

    [Fact]
    public async Task The_schema_has_types_ranges_words_defaults_descriptions_and_says_what_is_secret()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await using var client = await ControlClient.ConnectAsync(gateway);
        var answer = await client.RequestAsync("config.schema");
        var schema = answer.GetProperty("schema");
        var port = At(schema, "gateway", "port");
        var lease = At(schema, "storage", "leaseSeconds");

        Assert.Equal(("integer", 1, 65_535), (
            Text(port, "type"), port.GetProperty("minimum").GetInt32(), port.GetProperty("maximum").GetInt32()));
        Assert.NotEqual("", Text(port, "description"));
        Assert.Equal(30, lease.GetProperty("default").GetInt32());
        var modes = At(schema, "session", "reset", "mode").GetProperty("enum");
        Assert.Equal(["none", "daily", "idle"], modes.EnumerateArray().Select(v => v.GetString()));
        var provider = At(schema, "models", "providers").GetProperty("additionalProperties");
        Assert.False(provider.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal("array", Text(At(provider, "models"), "type"));
        Assert.True(answer.GetProperty("uiHints").GetProperty("models.providers.*.apiKey").GetProperty("sensitive").GetBoolean());
        Assert.True(answer.GetProperty("uiHints").GetProperty("gateway.auth.token").GetProperty("sensitive").GetBoolean());
    }

    private static JsonElement At(JsonElement schema, params string[] path) =>
        path.Aggregate(schema, (section, name) => section.GetProperty("properties").GetProperty(name));

    private static List<string?> Keys(JsonElement config) =>
        [.. config.GetProperty("models").GetProperty("providers").EnumerateObject().Select(p => p.Value.GetProperty("apiKey").GetString())];

    private static string Params(string raw, string? hash, string? replaced = null)
    {
        var given = new JsonObject { ["raw"] = raw };
        if (hash is not null)
        {
            given["baseHash"] = hash;
        }

        if (replaced is not null)
        {
            given["replacePaths"] = new JsonArray(replaced);
        }

        return given.ToJsonString();
    }

    private static string Code(JsonElement error) => Text(error.GetProperty("details"), "code");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private async Task<GatewayProcess> StartAsync()
    {
        await File.WriteAllTextAsync(ConfigPath, $$"""
            {
              storage: { prefix: "t{{Guid.NewGuid().ToString("N")[..12]}}" },
              // by hand
              gateway: { publicUrl: "https://gateway.example", http: { cors: { origins: ["https://a.example"] } } },
              models: { providers: {
                env: { api: "echo", apiKey: "${KEY_OF_THE_ENVIRONMENT}" },
                up: { api: "echo", apiKey: "key-of-the-provider", models: [{ id: "first" }] },
              } },
            }
            """);
        return await GatewayProcess.StartAsync(
            azurite.ConnectionString,
            new Dictionary<string, string> { ["KEY_OF_THE_ENVIRONMENT"] = "set-for-this-test" },
            ["--port", "0", "--config", ConfigPath]);
    }
}
