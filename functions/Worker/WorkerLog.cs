using Microsoft.Extensions.Logging;

namespace OpenClaw.Functions.Worker;

/// <summary>Log lines of code that has no instance.</summary>
internal static partial class WorkerLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The app did not stop in time")]
    public static partial void StopFailed(ILogger logger, Exception failure);
}
