using System.Diagnostics;
using System.Globalization;

namespace OpenClaw.Tests.Support.Mcp;

/// <summary>The official SDK's server as a process of its own, over HTTP with sessions.</summary>
internal sealed class McpSample : IAsyncDisposable
{
    /// <summary>The scripts, with their packages.</summary>
    public static readonly string Folder = Path.Combine(Repository.Root, "tests", "EndToEnd", "clients", "mcp");

    private Process _process;

    private McpSample(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}/mcp";

    /// <param name="secret">What clients must send as a bearer token; null for none.</param>
    public static async Task<McpSample> StartAsync(string? secret = null)
    {
        var process = await LaunchAsync(0, secret);
        return new McpSample(process, await ReadPortAsync(process));
    }

    /// <summary>Kills it, as a crash would, and starts another in its place.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        _process = await LaunchAsync(Port, null);
        await ReadPortAsync(_process);
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await KillAsync();
        }
        catch (InvalidOperationException)
        {
            // the test has killed it
        }
    }

    private static Task<Process> LaunchAsync(int port, string? secret) => NodeClient.StartAsync(
        Folder,
        "http-server.mjs",
        new Dictionary<string, string> { ["PORT"] = port.ToString(CultureInfo.InvariantCulture), ["SECRET"] = secret ?? "" },
        CancellationToken.None);

    private static async Task<int> ReadPortAsync(Process process) =>
        int.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
}
