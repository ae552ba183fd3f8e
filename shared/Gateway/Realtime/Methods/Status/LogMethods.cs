using System.ComponentModel.DataAnnotations;
using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Telemetry;

namespace OpenClaw.Gateway.Realtime.Methods.Status;

/// <summary><c>logs.tail</c>: the log of this process. It names what all callers do, so only the operator reads it.</summary>
internal sealed class LogMethods(LogRing ring) : IControlMethods
{
    private const int DefaultLimit = 500;

    private const int DefaultMaxBytes = 250_000;

    /// <summary>Characters of a log that may have three bytes each, and what a frame has beside them.</summary>
    private const int BytesPerChar = 3;

    public void AddTo(MethodTable table) => table.Add(
        "logs.tail", Scope.OperatorRead, StatusMethodsJson.Default.LogsTailParams, StatusMethodsJson.Default.LogsTailResult,
        (call, given, _) => Task.FromResult(Tail(call, given)));

    private LogsTailResult Tail(ControlCall call, LogsTailParams given)
    {
        if (!call.Caller.IsOperator)
        {
            throw new GatewayException(GatewayError.Forbidden("Only the operator reads the log of the gateway."));
        }

        var most = Math.Min(given.MaxBytes ?? DefaultMaxBytes, call.Client.MaxAnswer / BytesPerChar);
        var page = ring.Read(given.Cursor, given.Limit ?? DefaultLimit, most);
        return new LogsTailResult("memory", page.Cursor, page.Size, page.Lines, page.IsTruncated, page.IsReset);
    }
}

internal sealed record LogsTailParams
{
    /// <summary>What an earlier answer had.</summary>
    public long? Cursor { get; init; }

    [Range(1, 5000)]
    public int? Limit { get; init; }

    [Range(1, 1_000_000)]
    public int? MaxBytes { get; init; }
}

/// <param name="File">Always <c>memory</c>: each process keeps its newest lines.</param>
/// <param name="Size">Characters that are kept.</param>
/// <param name="Lines">JSON objects with <c>time</c>, <c>level</c>, <c>subsystem</c> and <c>message</c>.</param>
/// <param name="Truncated">Whether older lines after the cursor were left out.</param>
/// <param name="Reset">Whether the cursor was one of another process, or too old.</param>
internal sealed record LogsTailResult(
    string File, long Cursor, long Size, IReadOnlyList<string> Lines, bool Truncated, bool Reset);
