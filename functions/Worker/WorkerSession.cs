using System.Reflection;
using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using Microsoft.Extensions.Logging;
using OpenClaw.Functions.Worker.Protocol;

namespace OpenClaw.Functions.Worker;

/// <summary>Answers the host's messages until the stream ends. Reading never waits: invocations are only noted here, in the order
/// they came, and everything that takes time runs beside the loop.</summary>
public sealed partial class WorkerSession(
    HostConnection connection, InvocationTable invocations, WorkerOptions options, Task<WorkerApplication> application, ILogger logger)
{
    private static readonly string[] Switches =
    [
        "RpcHttpBodyOnly", "RawHttpBodyBytes", "RpcHttpTriggerMetadataRemoved", "UseNullableValueDictionaryForHttp",
        "TypedDataCollection", "WorkerStatus", "HandlesWorkerTerminateMessage", "HandlesInvocationCancelMessage",
        "EnableUserCodeException", "IncludeEmptyEntriesInMessagePayload",
    ];

    private readonly Dictionary<string, TimerFunction> _timers = options.Catalog.Timers.ToDictionary(f => f.Name, StringComparer.Ordinal);
    private readonly HashSet<string> _http = options.Catalog.Http.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
    private readonly TimerInvocations _timerInvocations = new(invocations, logger);
    private readonly TaskCompletionSource<WorkerEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Why the process has to leave.</summary>
    public Task<WorkerEnd> End => _end.Task;

    /// <summary>Reads to the end of the stream; goes on after <see cref="End"/>, so that cancellations still arrive while the app stops.</summary>
    public async Task ReadAsync(Uri host, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in connection.OpenAsync(host, cancellationToken))
            {
                Dispatch(message);
            }

            Leave(WorkerEnd.HostLost("The Functions host closed the stream."));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            Leave(WorkerEnd.HostLost($"The Functions host is gone: {failure.Message}"));
        }
        catch (Exception failure)
        {
            Leave(WorkerEnd.Failed(failure.Message));
        }
    }

    public void Leave(WorkerEnd end) => _end.TrySetResult(end);

    private void Dispatch(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.InvocationRequest:
                Invoke(message.InvocationRequest);
                break;
            case StreamingMessage.ContentOneofCase.InvocationCancel:
                invocations.Cancel(message.InvocationCancel.InvocationId);
                break;
            case StreamingMessage.ContentOneofCase.WorkerStatusRequest:
                Reply(message, new StreamingMessage { WorkerStatusResponse = new WorkerStatusResponse() });
                break;
            case StreamingMessage.ContentOneofCase.FunctionLoadRequest:
                Reply(message, new StreamingMessage { FunctionLoadResponse = Load(message.FunctionLoadRequest) });
                break;
            case StreamingMessage.ContentOneofCase.FunctionsMetadataRequest:
                Beside(message, static (session, request) => session.DescribeAsync(request));
                break;
            case StreamingMessage.ContentOneofCase.WorkerInitRequest:
                Beside(message, static (session, request) => session.InitAsync(request));
                break;
            case StreamingMessage.ContentOneofCase.FunctionEnvironmentReloadRequest:
                Beside(message, static (session, request) => session.ReloadAsync(request));
                break;
            case StreamingMessage.ContentOneofCase.WorkerWarmupRequest:
                Reply(message, new StreamingMessage { WorkerWarmupResponse = new WorkerWarmupResponse { Result = Outcome.Success() } });
                break;
            case StreamingMessage.ContentOneofCase.WorkerTerminate:
                Leave(WorkerEnd.Terminated);
                break;
            default:
                break; // newer hosts may say more than we know
        }
    }

    private void Invoke(InvocationRequest request)
    {
        if (_timers.TryGetValue(request.FunctionId, out var timer))
        {
            _timerInvocations.Start(timer, request, application);
        }
        else if (_http.Contains(request.FunctionId))
        {
            invocations.Announce(request.InvocationId);
        }
        else
        {
            connection.Send(new StreamingMessage
            {
                InvocationResponse = new InvocationResponse { InvocationId = request.InvocationId, Result = Unknown(request.FunctionId) },
            });
        }
    }

    private async Task InitAsync(StreamingMessage request)
    {
        var response = new WorkerInitResponse { WorkerMetadata = Describe() };
        try
        {
            AddCapabilities(response.Capabilities, await application);
            response.Result = Outcome.Success();
            Reply(request, new StreamingMessage { WorkerInitResponse = response });
        }
        catch (Exception failure)
        {
            response.Result = Outcome.Failure(failure);
            Reply(request, new StreamingMessage { WorkerInitResponse = response });
            Leave(WorkerEnd.Failed($"The app did not start: {failure.Message}"));
        }
    }

    private Task DescribeAsync(StreamingMessage request)
    {
        var response = new FunctionMetadataResponse { Result = Outcome.Success() };
        response.FunctionMetadataResults.AddRange(FunctionMetadata.Describe(options.Catalog));
        Reply(request, new StreamingMessage { FunctionMetadataResponse = response });
        return Task.CompletedTask;
    }

    private FunctionLoadResponse Load(FunctionLoadRequest request) => new()
    {
        FunctionId = request.FunctionId,
        Result = _http.Contains(request.FunctionId) || _timers.ContainsKey(request.FunctionId)
            ? Outcome.Success()
            : Unknown(request.FunctionId),
    };

    private static StatusResult Unknown(string functionId) => Outcome.Failure($"There is no function '{functionId}'.");

    private async Task ReloadAsync(StreamingMessage request)
    {
        var reload = request.FunctionEnvironmentReloadRequest;
        var response = new FunctionEnvironmentReloadResponse { WorkerMetadata = Describe() };
        try
        {
            foreach (var (name, value) in reload.EnvironmentVariables)
            {
                Environment.SetEnvironmentVariable(name, value);
            }

            if (reload.FunctionAppDirectory.Length > 0)
            {
                Directory.SetCurrentDirectory(reload.FunctionAppDirectory);
            }

            var app = await application;
            await (options.EnvironmentReloaded?.Invoke(app.Stopping) ?? Task.CompletedTask);
            AddCapabilities(response.Capabilities, app);
            response.Result = Outcome.Success();
        }
        catch (Exception failure)
        {
            LogReloadFailed(failure);
            response.Result = Outcome.Failure(failure);
        }

        Reply(request, new StreamingMessage { FunctionEnvironmentReloadResponse = response });
    }

    private void Beside(StreamingMessage message, Func<WorkerSession, StreamingMessage, Task> handle) =>
        _ = Task.Run(async () =>
        {
            try
            {
                await handle(this, message);
            }
            catch (Exception failure)
            {
                LogMessageFailed(failure, message.ContentCase);
            }
        });

    private void Reply(StreamingMessage request, StreamingMessage response)
    {
        response.RequestId = request.RequestId;
        connection.Send(response);
    }

    private static void AddCapabilities(MapField<string, string> capabilities, WorkerApplication app)
    {
        capabilities.Add("HttpUri", app.Address);
        foreach (var name in Switches)
        {
            capabilities.Add(name, "true");
        }
    }

    private static WorkerMetadata Describe() => new()
    {
        RuntimeName = ".NET",
        RuntimeVersion = Environment.Version.ToString(),
        WorkerVersion = typeof(WorkerSession).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
        WorkerBitness = RuntimeInformation.ProcessArchitecture.ToString(),
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "Reloading the environment failed")]
    private partial void LogReloadFailed(Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Handling {Message} of the host failed")]
    private partial void LogMessageFailed(Exception failure, StreamingMessage.ContentOneofCase message);
}
