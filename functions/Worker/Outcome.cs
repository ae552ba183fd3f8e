using OpenClaw.Functions.Worker.Protocol;

namespace OpenClaw.Functions.Worker;

/// <summary>How something ended, in the host's words. The protocol's zero value is a failure, so every result is made here.</summary>
public static class Outcome
{
    public static StatusResult Success() => new() { Status = StatusResult.Types.Status.Success };

    public static StatusResult Cancelled() => new() { Status = StatusResult.Types.Status.Cancelled };

    public static StatusResult Failure(string message) => new()
    {
        Status = StatusResult.Types.Status.Failure,
        Exception = new RpcException { Message = message, IsUserException = true },
    };

    public static StatusResult Failure(Exception failure) => new()
    {
        Status = StatusResult.Types.Status.Failure,
        Exception = Describe(failure),
    };

    /// <summary>For the app's own telemetry, never for a caller.</summary>
    public static RpcException Describe(Exception failure) => new()
    {
        Message = failure.Message,
        StackTrace = failure.StackTrace ?? "",
        Source = failure.Source ?? "",
        Type = failure.GetType().FullName ?? "",
        IsUserException = true,
    };
}
