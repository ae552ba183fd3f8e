using System.Net.Http.Headers;

namespace OpenClaw.Tests.Support;

/// <summary>The real executable as a process of its own: <c>openclaw gateway start</c> on a free port.</summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private readonly CommandProcess _process;

    private GatewayProcess(CommandProcess process, string url)
    {
        (_process, Url) = (process, url);
        Client = new HttpClient(
            new SocketsHttpHandler { UseProxy = false })
        { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(3) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", GatewayHost.Token);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Url { get; }

    public HttpClient Client { get; }

    /// <summary>What the process wrote to both its streams.</summary>
    public string Output => _process.Text;

    /// <param name="environment">Added to the environment; configuration goes in as <c>OPENCLAW__…</c>.</param>
    /// <param name="arguments">After <c>gateway start</c>.</param>
    /// <param name="app">Folder of the executable; the tests' own by default.</param>
    /// <param name="program">Name of the executable.</param>
    public static async Task<GatewayProcess> StartAsync(
        string connectionString, Dictionary<string, string>? environment = null, string[]? arguments = null, string? app = null,
        string program = "openclaw")
    {
        var process = CommandProcess.Start(
            ["gateway", "start", .. arguments ?? ["--port", "0"]], new Dictionary<string, string>(environment ?? [])
            {
                ["DataStorage"] = connectionString,
                ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
                ["OPENCLAW__gateway__http__endpoints__chatCompletions__enabled"] = "true",
                ["OPENCLAW__gateway__http__endpoints__messages__enabled"] = "true",
            }, app, program);
        try
        {
            var line = await process.WaitForLineAsync("listens on http://");
            return new GatewayProcess(process, line[line.IndexOf("http://", StringComparison.Ordinal)..].Trim());
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends SIGUSR1, SIGSTOP, SIGCONT, SIGTERM or SIGKILL.</summary>
    public void Signal(int signal) => _process.Signal(signal);

    /// <inheritdoc cref="CommandProcess.WaitForLineAsync"/>
    public Task<string> WaitForLineAsync(string text, int number = 1) => _process.WaitForLineAsync(text, number);

    public Task<int> WaitForExitAsync() => _process.WaitForExitAsync();

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return _process.DisposeAsync();
    }
}
