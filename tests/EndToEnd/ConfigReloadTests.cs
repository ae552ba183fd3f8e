using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary>A configuration that changes under a running gateway.</summary>
[Trait("Feature", "R23")]
[Trait("Feature", "D20")]
public sealed class ConfigReloadTests(AzuriteFixture azurite) : IDisposable
{
    private const string Canary = "canary-5d1e8a70c2";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openclaw-reload-");

    private string ConfigPath => Path.Combine(_folder.FullName, "openclaw.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("written")]
    [InlineData("replaced by rename")]
    [InlineData("turned to another version by Kubernetes")]
    [InlineData("signalled")]
    [Trait("Feature", "F93")]
    public async Task A_changed_file_is_in_force_without_a_restart_and_the_environment_stays_on_top(string how)
    {
        var save = Saving(how);
        save(Config("first"));
        await using var gateway = await StartAsync();
        Assert.Equal("up/first", await DefaultModelAsync(gateway));

        save(Config("second", "http: { endpoints: { chatCompletions: { enabled: false } } }"));
        if (how == "signalled")
        {
            gateway.Signal(CommandProcess.User);
        }

        await UntilAsync(gateway, async () => await DefaultModelAsync(gateway) == "up/second");
        using var models = await gateway.Client.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, models.StatusCode); // the environment switches the endpoint on
    }

    [Fact]
    public async Task An_invalid_file_changes_nothing_but_the_health_until_a_good_one_comes()
    {
        var save = Saving("replaced by rename");
        save(Config("first"));
        await using var gateway = await StartAsync();
        Assert.Equal(("ok", "ok"), await HealthAsync(gateway));

        save($$"""{ gateway: { auth: { token: "{{Canary}}" }, prot: 1 }, models: { providers: { up: { apiKey: "{{Canary}}", api: 7 } } } }""");
        var line = await gateway.WaitForLineAsync("Configuration is invalid");

        Assert.Contains("gateway.prot", line, StringComparison.Ordinal);
        Assert.Equal(("degraded", "invalid"), await HealthAsync(gateway));
        Assert.Equal("up/first", await DefaultModelAsync(gateway));
        using var ready = await gateway.Client.GetAsync("/readyz", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);

        File.Delete(ConfigPath);
        await gateway.WaitForLineAsync("There is no configuration file");
        Assert.Equal(("degraded", "invalid"), await HealthAsync(gateway));

        save(Config("third"));
        await UntilAsync(gateway, async () => await HealthAsync(gateway) == ("ok", "ok"));
        Assert.Equal("up/third", await DefaultModelAsync(gateway));
        Assert.DoesNotContain(Canary, gateway.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "F93")]
    public async Task A_setting_that_needs_a_restart_is_named_and_keeps_its_value()
    {
        var save = Saving("replaced by rename");
        var port = FreePort();
        save(Config("first", $"port: {port}"));
        await using var gateway = await StartAsync(port: null);
        Assert.Equal(port, new Uri(gateway.Url).Port);

        save(Config("second", $"port: {FreePort()}, bind: 'lan', auth: {{ mode: 'password', password: '{Canary}' }}"));
        foreach (var key in (string[])["gateway.port", "gateway.bind", "gateway.auth.mode"])
        {
            Assert.EndsWith("restart required", await gateway.WaitForLineAsync($"Configuration key {key} "), StringComparison.Ordinal);
        }

        await UntilAsync(gateway, async () => await DefaultModelAsync(gateway) == "up/second"); // by the same port and token
        Assert.Equal(("ok", "ok"), await HealthAsync(gateway));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Canary);
        using var refused = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.DoesNotContain(Canary, gateway.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_exchanged_without_a_restart()
    {
        var save = Saving("replaced by rename");
        save("{ gateway: { auth: { token: 'the-first-token-1' } } }");
        await using var command = CommandProcess.Start(
            ["gateway", "start", "--port", "0", "--config", ConfigPath], new Dictionary<string,
                string>
            { ["DataStorage"] = azurite.ConnectionString });
        var line = await command.WaitForLineAsync("listens on http://");
        using var client = new HttpClient { BaseAddress = new Uri(line[line.IndexOf("http://", StringComparison.Ordinal)..].Trim()) };
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("the-first-token-1"));

        save("{ gateway: { auth: { token: 'the-second-token-2' } } }");
        await command.WaitForLineAsync("Configuration reloaded");

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("the-first-token-1"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("the-second-token-2"));

        async Task<HttpStatusCode> StatusAsync(string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/models");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
    }

    private static string Config(string model, string gateway = "") =>
        $$"""{ /* JSON5 */ gateway: { {{gateway}} }, models: { providers: { up: { baseUrl: 'http://127.0.0.1:9', models: [{ id: '{{model}}' }] } } } }""";

    /// <summary>How the file gets there.</summary>
    private Action<string> Saving(string how)
    {
        var version = 0;
        return how switch
        {
            "written" => text => File.WriteAllText(ConfigPath, text),
            "replaced by rename" => text =>
            {
                File.WriteAllText(ConfigPath + ".new", text);
                File.Move(ConfigPath + ".new", ConfigPath, overwrite: true);
            }
            ,
            "signalled" => text => // a link, whose target is not watched
            {
                var target = _folder.CreateSubdirectory("elsewhere").FullName;
                File.WriteAllText(Path.Combine(target, "target.json"), text);
                Link(ConfigPath, Path.Combine(target, "target.json"));
            }
            ,
            _ => text =>
            {
                var folder = _folder.CreateSubdirectory(string.Create(CultureInfo.InvariantCulture, $"..{++version}"));
                File.WriteAllText(Path.Combine(folder.FullName, "openclaw.json"), text);
                Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "..data_tmp"), folder.Name);
                Rename(Path.Combine(_folder.FullName, "..data_tmp"), Path.Combine(_folder.FullName, "..data"));
                Link(ConfigPath, Path.Combine("..data", "openclaw.json"));
            }
            ,
        };

        static void Link(string path, string target)
        {
            if (!Path.Exists(path))
            {
                File.CreateSymbolicLink(path, target);
            }
        }

        static void Rename(string from, string to)
        {
            using var move = System.Diagnostics.Process.Start("mv", ["-T", from, to]);
            move.WaitForExit();
        }
    }

    private Task<GatewayProcess> StartAsync(int? port = 0) => GatewayProcess.StartAsync(
        azurite.ConnectionString, arguments: [.. port is null ? (string[])[] : ["--port", "0"], "--config", ConfigPath]);

    /// <summary>Asks again after each line about the configuration; one save may be more than one reload.</summary>
    private static async Task UntilAsync(GatewayProcess gateway, Func<Task<bool>> isSo)
    {
        for (var line = 1; !await isSo(); line++)
        {
            await gateway.WaitForLineAsync("Configuration ", line);
        }
    }

    private static async Task<string?> DefaultModelAsync(GatewayProcess gateway) =>
        JsonElement.Parse(await gateway.Client.GetStringAsync("/api/models")).GetProperty("data").GetProperty("default").GetString();

    private static async Task<(string? Status, string? Config)> HealthAsync(GatewayProcess gateway)
    {
        var health = JsonElement.Parse(await gateway.Client.GetStringAsync("/health/detailed"));
        return (health.GetProperty("status").GetString(), health.GetProperty("config").GetString());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
