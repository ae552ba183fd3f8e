using System.Diagnostics;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using OpenClaw.Functions.Worker.Protocol;

namespace OpenClaw.Functions.Worker;

/// <summary>Runs timer functions: the invocation itself is the call, there is no HTTP request.</summary>
public sealed partial class TimerInvocations(InvocationTable invocations, ILogger logger)
{
    private static readonly ActivitySource Source = new("OpenClaw.Functions.Worker");

    /// <summary>Registers the invocation at once, so that a cancellation right behind it finds it; the function runs on its own.</summary>
    public void Start(TimerFunction function, InvocationRequest request, Task<WorkerApplication> application)
    {
        var cancellation = new CancellationTokenSource();
        if (invocations.Open(request.InvocationId, () => _ = cancellation.CancelAsync()) is { } invocation)
        {
            _ = Task.Run(() => RunAsync(function, request, application, invocation, cancellation));
        }
        else
        {
            cancellation.Dispose();
        }
    }

    private async Task RunAsync(
        TimerFunction function, InvocationRequest request, Task<WorkerApplication> application, Invocation invocation, CancellationTokenSource cancellation)
    {
        Invocation.Current = invocation;
        try
        {
            var app = await application;
            using var stopping = app.Stopping.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), cancellation);
            using var activity = Source.StartActivity(function.Name, ActivityKind.Consumer, request.TraceContext is { TraceParent.Length: > 0 } trace ? trace.TraceParent : null);
            await function.Invoke(app.Services, ReadInfo(request), cancellation.Token);
            invocations.Finish(invocation, Outcome.Success());
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            invocations.Finish(invocation, Outcome.Cancelled());
        }
        catch (Exception failure)
        {
            LogFailed(failure, function.Name);
            invocations.Finish(invocation, Outcome.Failure(failure));
        }
    }

    /// <summary>The host sends <c>{"Schedule":…,"ScheduleStatus":…,"IsPastDue":false}</c>; what cannot be read is an ordinary tick.</summary>
    private static TimerInfo ReadInfo(InvocationRequest request)
    {
        var info = new TimerInfo();
        var data = request.InputData.FirstOrDefault()?.Data;
        var text = data?.DataCase == TypedData.DataOneofCase.Json ? data.Json : data?.String;
        if (string.IsNullOrEmpty(text))
        {
            return info;
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                info.IsPastDue = json.RootElement.EnumerateObject().Any(static p =>
                    p.Name.Equals("IsPastDue", StringComparison.OrdinalIgnoreCase) && p.Value.ValueKind == JsonValueKind.True);
            }
        }
        catch (JsonException)
        {
            // An ordinary tick.
        }

        return info;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Timer {Function} failed")]
    private partial void LogFailed(Exception failure, string function);
}
