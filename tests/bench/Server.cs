using System.Diagnostics;
using System.Globalization;

namespace OpenClaw.Bench;

/// <summary>A measured process: started, asked for <c>/health</c>, read from /proc, stopped by its PID.</summary>
internal sealed class Server : IDisposable
{
    private const double TicksPerSecond = 100;

    private readonly Process _process;

    private Server(Process process, string url, TimeSpan startUp, string? token) =>
        (_process, Url, StartUp, Token) = (process, url, startUp, token);

    public string Url { get; }

    /// <summary>Sent with requests; null for servers that want none.</summary>
    public string? Token { get; }

    /// <summary>From exec to the first 200 of <c>/health</c>.</summary>
    public TimeSpan StartUp { get; }

    /// <summary>User and system time so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            var fields = File.ReadAllText($"/proc/{_process.Id}/stat").Split(") ", 2)[1].Split(' ');
            var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            return TimeSpan.FromSeconds(ticks / TicksPerSecond);
        }
    }

    /// <summary>Resident memory, MB.</summary>
    public double Rss
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
    }

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
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        return new Server(process, url, elapsed, token);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
