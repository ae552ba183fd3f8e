using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenClaw.Configuration;
using OpenClaw.Functions.Hosts.SelfHost;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary><c>openclaw gateway start</c> and what supervisors learn from its exit code.</summary>
public sealed class GatewayStartTests(AzuriteFixture azurite) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openclaw-start-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [Trait("Feature", "F96")]
    public async Task A_broken_configuration_exits_with_1_and_names_file_line_and_key()
    {
        var (exitCode, _, errors) = await StartAsync(Write("{\n  gateway: {\n    prot: 1,\n  },\n}\n"));

        Assert.Equal(ExitCode.ConfigInvalid, exitCode);
        var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("openclaw.json: error: line 3, ", line, StringComparison.Ordinal);
        Assert.Contains("gateway.prot", line, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "F96")]
    public async Task A_port_in_use_exits_with_2_and_names_it()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var (exitCode, _, errors) = await StartAsync(Write("{}"), "--port", $"{port}");

        Assert.Equal(ExitCode.PortInUse, exitCode);
        Assert.StartsWith($"Port {port} is in use.", errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "F96")]
    public async Task Without_credentials_it_exits_with_3_and_says_how_to_make_some()
    {
        var (exitCode, _, errors) = await CommandProcess.RunAsync(
            ["gateway", "start", "--port", "0"], new Dictionary<string, string> { ["DataStorage"] = azurite.ConnectionString });

        Assert.Equal(ExitCode.AuthMissing, exitCode);
        Assert.Contains("openclaw token new", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:1/a;BlobEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://127.0.0.1:1/a")]
    [InlineData("not a connection string")]
    [InlineData(null)]
    [Trait("Feature", "F96")]
    public async Task Without_storage_that_answers_it_exits_with_4_and_names_the_variable(string? connection)
    {
        var environment = new Dictionary<string, string> { ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token };
        if (connection is not null)
        {
            environment["DataStorage"] = connection;
        }

        var (exitCode, _, errors) = await CommandProcess.RunAsync(["gateway", "start", "--port", "0"], environment);

        Assert.Equal(ExitCode.StorageUnavailable, exitCode);
        Assert.Contains(connection?.Length < 30 ? "connection is not usable" : "DataStorage", errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "F96")]
    public async Task Storage_that_takes_connections_and_does_not_answer_yet_is_waited_for()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var origin = $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/a";
        await using var gateway = await GatewayProcess.StartAsync(
            $"DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint={origin};BlobEndpoint={origin};QueueEndpoint={origin}");
        var requests = new List<TcpClient>();
        for (var looks = 0; looks < 5;) // one a second: the last one comes when the gateway would have given up
        {
            var client = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            if (await client.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken) == 0)
            {
                looks++;
                client.Dispose();
            }
            else
            {
                requests.Add(client);
            }
        }

        using var health = await gateway.Client.GetAsync("/health", TestContext.Current.CancellationToken);
        Assert.False(gateway.HasExited);
        gateway.Signal(CommandProcess.Terminate);
        Assert.Equal(ExitCode.Ok, await gateway.WaitForExitAsync());
        requests.ForEach(static request => request.Dispose());
    }

    [Fact]
    [Trait("Feature", "D8")]
    [Trait("Feature", "F91")]
    public async Task The_port_is_that_of_the_option_else_of_the_environment_else_of_the_file()
    {
        var (option, variable, file) = (FreePort(), FreePort(), FreePort());
        var config = Write($$"""{ gateway: { port: {{file}} } }""");
        var environment = new Dictionary<string, string> { ["OPENCLAW_GATEWAY_PORT"] = $"{variable}" };

        Assert.Equal(option, await PortOfAsync(environment, "--config", config, "--port", $"{option}"));
        Assert.Equal(variable, await PortOfAsync(environment, "--config", config));
        Assert.Equal(file, await PortOfAsync([], "--config", config));
    }

    [Fact]
    [Trait("Feature", "D8")]
    [Trait("Feature", "F97")]
    public void The_default_port_is_18789() => Assert.Equal(18789, SelfHostOptions.ChoosePort(null, new GatewayConfig()));

    [Theory]
    [InlineData(CommandProcess.Interrupt)]
    [InlineData(CommandProcess.Terminate)]
    public async Task A_stopping_gateway_accepts_no_new_requests_finishes_running_answers_and_exits_with_0(int signal)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(azurite.ConnectionString, new Dictionary<string, string>
        {
            ["OPENCLAW__models__providers__up"] = $$"""{ baseUrl: "{{upstream.BaseUrl}}", models: [{ id: "m" }] }""",
        });
        var asked = new TaskCompletionSource();
        var stopping = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            asked.SetResult();
            await stopping.Task;
            await call.StreamTextAsync("to the ", "end");
        });
        using var body = new StringContent(
            """{"model":"up/m","messages":[{"role":"user","content":"Go on"}]}""", Encoding.UTF8, "application/json");
        var answer = gateway.Client.PostAsync("v1/chat/completions", body);
        await asked.Task;

        gateway.Signal(signal);
        await RefusesConnectionsAsync(new Uri(gateway.Url).Port);
        stopping.SetResult();

        using var finished = await answer;
        Assert.Equal("to the end", (await finished.ReadJsonAsync()).GetProperty("choices")[0].GetProperty("message").GetProperty(
            "content").GetString());
        Assert.Equal(ExitCode.Ok, await gateway.WaitForExitAsync());
    }

    private static async Task RefusesConnectionsAsync(int port)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, patience.Token);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    private async Task<int> PortOfAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        await using var gateway = await GatewayProcess.StartAsync(azurite.ConnectionString, environment, arguments);
        Assert.Contains("\"ok\":true", await gateway.Client.GetStringAsync("health"), StringComparison.Ordinal);
        gateway.Signal(CommandProcess.Terminate);
        Assert.Equal(ExitCode.Ok, await gateway.WaitForExitAsync());
        return new Uri(gateway.Url).Port;
    }

    private Task<(int ExitCode, string Output, string Errors)> StartAsync(string config, params string[] arguments) =>
        CommandProcess.RunAsync(["gateway", "start", "--config", config, .. arguments], new Dictionary<string, string>
        {
            ["DataStorage"] = azurite.ConnectionString,
            ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
        });

    private string Write(string config)
    {
        var path = Path.Combine(_folder.FullName, "openclaw.json");
        File.WriteAllText(path, config);
        return path;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
