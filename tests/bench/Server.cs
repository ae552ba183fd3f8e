using System.Collections.Concurrent;
using System.Diagnostics;

namespace OpenClaw.Bench;

/// <summary>A measured process: started, asked for <c>/health</c>, read from /proc, stopped by its PID.</summary>
internal sealed class Server : IDisposable
{
    private readonly Process _process;

    private readonly ConcurrentQueue<string> _failures = new();

    private Server(Process process, string url, TimeSpan startUp, string? token) =>
        (_process, Url, StartUp, Token) = (process, url, startUp, token);

    public string Url { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Sent with requests; null for servers that want none.</summary>
    public string? Token { get; }

    /// <summary>From exec to the first 200 of <c>/health</c>.</summary>
    public TimeSpan StartUp { get; }

    /// <inheritdoc cref="ProcessFigures.Cpu"/>
    public TimeSpan Cpu => new ProcessFigures(_process.Id).Cpu;

    /// <inheritdoc cref="ProcessFigures.Rss"/>
    public double Rss => new ProcessFigures(_process.Id).Rss;

    /// <summary>Lines of its log that tell of a failure of its own.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Starts a server, which prints its URL at the end of a line, and waits until it answers.</summary>
    public static async Task<Server> StartAsync(string file, string[] args, string? token = null, bool probe = true)
    {
        var start = new ProcessStartInfo(file, args) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var clock = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        int at;
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"{file} did not start.");
        }
        while ((at = line.IndexOf("http://", StringComparison.Ordinal)) < 0);

        var url = line[at..].Trim();
        if (probe)
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            using var answer = await client.GetAsync(new Uri(url + "/health"));
            answer.EnsureSuccessStatusCode();
        }

        var elapsed = clock.Elapsed;
        var server = new Server(process, url, elapsed, token);
        _ = server.ReadLogAsync();
        return server;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task ReadLogAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains(" fail ", StringComparison.Ordinal) || line.Contains(" crit ", StringComparison.Ordinal))
            {
                _failures.Enqueue(line);
            }
        }
    }
}
