using OpenClaw.Functions.Worker.Protocol;

namespace OpenClaw.Tests.Support;

/// <summary>A worker that is started, has described its functions and loaded them.</summary>
public sealed class HostedWorker
{
    private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostedWorker(WorkerProcess process, WorkerChannel channel, Uri address, FunctionRoutes routes)
    {
        Process = process;
        Channel = channel;
        Address = address;
        Routes = routes;
    }

    public WorkerProcess Process { get; }

    public WorkerChannel Channel { get; }

    /// <summary>Where the worker takes forwarded requests.</summary>
    public Uri Address { get; }

    public FunctionRoutes Routes { get; }

    /// <summary>Ends when the host has noticed that the worker is gone.</summary>
    public Task Replaced => _replaced.Task;

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
            process, channel, new Uri(initialized.Capabilities["HttpUri"]), new FunctionRoutes(described.FunctionMetadataResults, app.RoutePrefix));
    }

    private static void Require(StatusResult result, string step)
    {
        if (result.Status != StatusResult.Types.Status.Success)
        {
            throw new InvalidOperationException($"The worker failed at {step}: {result.Exception?.Message}");
        }
    }
}
