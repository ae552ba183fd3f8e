using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using OpenClaw.Functions.Cli.Dev;
using OpenClaw.Functions.Hosts.SelfHost;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary><c>openclaw dev</c> as the README's reader runs it.</summary>
[SupportedOSPlatform("linux")]
public sealed class DevCommandTests(AzuriteFixture azurite) : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("openclaw-dev-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task It_shows_three_calls_that_work_when_pasted_and_goes_on_with_the_same_token_and_session_after_a_restart()
    {
        string token;
        long before;
        await using (var dev = Start([]))
        {
            var url = await ReadAsync(dev, "Gateway");
            token = await ReadAsync(dev, "Token");
            await dev.WaitForLineAsync("Stop with Ctrl-C");
            var calls = dev.Output.Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith("curl ", StringComparison.Ordinal)).ToList();

            Assert.Equal(3, calls.Count);
            Assert.All(calls, call => Assert.Contains(url, call, StringComparison.Ordinal));
            Assert.Contains("\"openclaw\"", await PasteAsync(calls[0]), StringComparison.Ordinal);
            Assert.Contains("Hello there", await PasteAsync(calls[1]), StringComparison.Ordinal);
            Assert.EndsWith("data: [DONE]\n\n", await PasteAsync(calls[2]), StringComparison.Ordinal);
            before = await AskAsync(url, token, "me");
            await StopAsync(dev, CommandProcess.Interrupt);
        }

        await using var again = Start([]);
        Assert.Equal(token, await ReadAsync(again, "Token"));
        var same = await ReadAsync(again, "Gateway");
        Assert.True(await AskAsync(same, token, "me") > before, "The session of 'me' did not go on.");
        Assert.True(await AskAsync(same, token, "somebody-else") < before, "A session that is new has a history.");
        await StopAsync(again, CommandProcess.Terminate);
    }

    [Fact]
    public async Task Killed_outright_it_takes_the_storage_emulator_with_it()
    {
        await using var dev = Start([]);
        await dev.WaitForLineAsync("Stop with Ctrl-C");
        using var emulator = Process.GetProcessById(Assert.Single(ChildrenOf(dev.Id)));

        dev.Signal(CommandProcess.Kill);
        await dev.WaitForExitAsync();

        await emulator.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task When_the_port_is_taken_it_says_so_and_takes_the_next_free_one()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var dev = Start(new() { ["DataStorage"] = azurite.ConnectionString, ["OPENCLAW_GATEWAY_PORT"] = $"{port}" }, port: "");

        await dev.WaitForLineAsync($"Port {port} is in use; the gateway takes ");
        var url = new Uri(await ReadAsync(dev, "Gateway"));

        Assert.NotEqual(port, url.Port);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        Assert.Contains("\"ok\":true", await client.GetStringAsync(new Uri(url, "health")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_storage_account_configured_no_emulator_is_started()
    {
        await using var dev = Start(new() { ["DataStorage"] = azurite.ConnectionString });

        await dev.WaitForLineAsync("Storage: the account in DataStorage.");
        Assert.Equal("the configured account", await ReadAsync(dev, "Storage "));
        Assert.Empty(ChildrenOf(dev.Id));
        Assert.Equal(["dev-token"], _data.EnumerateFileSystemInfos().Select(f => f.Name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Feature", "T34")]
    public void The_folder_of_token_and_data_is_open_to_its_owner_only(bool exists)
    {
        var folder = Path.Combine(_data.FullName, ".openclaw");
        if (exists)
        {
            Directory.CreateDirectory(folder, (UnixFileMode)0b111_101_101);
        }

        DevFolder.Find(folder).ReadOrCreateToken();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
    }

    [Fact]
    public async Task The_token_can_be_read_by_its_owner_only()
    {
        await using var dev = Start(new() { ["DataStorage"] = azurite.ConnectionString });
        await dev.WaitForLineAsync("Token");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_data.FullName, "dev-token")));
    }

    [Fact]
    [Trait("Feature", "F96")]
    public async Task Without_Node_it_says_in_one_line_what_to_do_and_exits_with_4()
    {
        var (exitCode, _, errors) = await CommandProcess.RunAsync(
            ["dev", "--port", "0", "--data", _data.FullName], new Dictionary<string, string> { ["PATH"] = _data.FullName });

        Assert.Equal(ExitCode.StorageUnavailable, exitCode);
        var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("needs Node.js", line, StringComparison.Ordinal);
        Assert.Contains("or set DataStorage", line, StringComparison.Ordinal);
    }

    private CommandProcess Start(Dictionary<string, string> environment, string port = "0") =>
        CommandProcess.Start(
            port.Length == 0 ? ["dev", "--data", _data.FullName] : ["dev", "--data", _data.FullName, "--port", port], environment);

    /// <summary>The rest of a banner line, up to the remark in parentheses.</summary>
    private static async Task<string> ReadAsync(CommandProcess dev, string label)
    {
        await dev.WaitForLineAsync("Stop with Ctrl-C");
        var line = await dev.WaitForLineAsync("  " + label);
        return line.Trim()[label.Length..].Split("   (")[0].Trim();
    }

    /// <summary>The process and the emulator end; nothing is left behind.</summary>
    private static async Task StopAsync(CommandProcess dev, int signal)
    {
        var emulator = Assert.Single(ChildrenOf(dev.Id));

        dev.Signal(signal);

        Assert.Equal(0, await dev.WaitForExitAsync());
        Assert.False(Directory.Exists($"/proc/{emulator}"), "The storage emulator outlives the gateway.");
    }

    private static List<int> ChildrenOf(int processId) =>
    [
        .. Directory.EnumerateDirectories($"/proc/{processId}/task")
            .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(int.Parse)
            .Where(IsEmulator),
    ];

    private static bool IsEmulator(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/cmdline").Contains("azurite", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // one that looked for media tools and has ended
        }
    }

    private static async Task<string> PasteAsync(string command)
    {
        var start = new ProcessStartInfo(
            "bash", ["-c", command.Replace("curl ", "curl -sS --fail --noproxy '*' ", StringComparison.Ordinal)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var shell = Process.Start(start)!;
        var errors = shell.StandardError.ReadToEndAsync();
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, command + "\n" + await errors);
        return output;
    }

    /// <summary>Sends one message to the session of a user. Returns the tokens of the prompt, which grow with the history.</summary>
    private static async Task<long> AskAsync(string url, string token, string user)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var body = new StringContent(
            $$"""{"model":"openclaw","user":"{{user}}","messages":[{"role":"user","content":"Hello once more"}]}""", Encoding.UTF8,
                "application/json");
        using var answer = await client.PostAsync(new Uri(url + "/v1/chat/completions"), body);
        var json = await answer.ReadJsonAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, json.ToString());
        return json.GetProperty("usage").GetProperty("prompt_tokens").GetInt64();
    }
}
