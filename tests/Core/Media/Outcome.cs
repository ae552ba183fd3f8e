using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Media;
using OpenClaw.Media.Worker;

namespace OpenClaw.Tests.Core.Media;

/// <summary>What became of a file.</summary>
internal static class Outcome
{
    /// <summary>Whose files are read where that does not matter.</summary>
    public const string Caller = "tests";

    /// <summary>Shared, so that not every test waits for a worker's start.</summary>
    public static MediaWorkers Workers { get; } = Start(new MediaWorkerOptions { WallClock = TimeSpan.FromMinutes(1) });

    public static MediaWorkers Start(MediaWorkerOptions options, TimeProvider? clock = null) =>
        new(options, clock ?? TimeProvider.System, NullLogger<MediaWorkers>.Instance);

    /// <summary>A worker that is this shell script.</summary>
    public static MediaWorkerOptions Script(string script) =>
        new()
        {
            Program = new NativeProgram(
            "/bin/sh")
            { FirstArguments = ["-c", script], Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" } }
        };

    /// <returns>The error's code; null when there was none.</returns>
    public static async Task<string?> OfAsync(Task reading)
    {
        try
        {
            await reading;
            return null;
        }
        catch (MediaException refusal)
        {
            return refusal.Code;
        }
    }
}
