using OpenClaw.Tests.Support.Protocol;

namespace OpenClaw.Tests.Support;

/// <summary>A worker that is started, has described its functions and loaded them.</summary>
public sealed class HostedWorker
{
    private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostedWorker(
        WorkerProcess process, WorkerChannel channel, Uri address, IReadOnlyList<RpcFunctionMetadata> functions, string routePrefix)
    {
        Process = process;
        Channel = channel;
        Address = address;
        Functions = functions;
        Routes = new FunctionRoutes(functions, routePrefix);
    }

    public WorkerProcess Process { get; }

    public WorkerChannel Channel { get; }

    /// <summary>Where the worker takes forwarded requests.</summary>
    public Uri Address { get; }

    public IReadOnlyList<RpcFunctionMetadata> Functions { get; }

    public FunctionRoutes Routes { get; }

    /// <summary>Ends when the host has noticed that the worker is gone.</summary>
    public Task Replaced => _replaced.Task;

    /// <summary>What the protocol calls a function; a name that no function has goes out as it is.</summary>
    public string IdOf(string function) => Functions.FirstOrDefault(f => f.Name == function)?.FunctionId ?? function;

    public void SetReplaced() => _replaced.TrySetResult();

    public static async Task<HostedWorker> InitializeAsync(WorkerProcess process, WorkerChannel channel, AppFolder app)
    {
        var init = new WorkerInitRequest { HostVersion = "4.1037.0.0", WorkerDirectory = app.Path, FunctionAppDirectory = app.Path };
        init.Capabilities.Add("MultiStream", "True");
        var initialized = (await channel.AskAsync(new StreamingMessage { WorkerInitRequest = init })).WorkerInitResponse;
        Require(initialized.Result, "init");

        var described = (await channel.AskAsync(new StreamingMessage
        {
            FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = app.Path },
        })).FunctionMetadataResponse;
        Require(described.Result, "metadata");

        var loading = described.FunctionMetadataResults.Select(f => channel.AskAsync(new StreamingMessage
        {
            FunctionLoadRequest = new FunctionLoadRequest { FunctionId = f.FunctionId, Metadata = f },
        }));
        foreach (var loaded in await Task.WhenAll(loading))
        {
            Require(loaded.FunctionLoadResponse.Result, $"load of {loaded.FunctionLoadResponse.FunctionId}");
        }

        return new HostedWorker(
            process, channel, new Uri(initialized.Capabilities["HttpUri"]), described.FunctionMetadataResults, app.RoutePrefix);
    }

    private static void Require(StatusResult result, string step)
    {
        if (result.Status != StatusResult.Types.Status.Success)
        {
            throw new InvalidOperationException($"The worker failed at {step}: {result.Exception?.Message}");
        }
    }
}
