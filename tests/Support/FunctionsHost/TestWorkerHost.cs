using OpenClaw.Tests.Support.Protocol;
using Xunit;

namespace OpenClaw.Tests.Support;

/// <summary>A host around <c>tests/TestWorker</c>: the product's worker with functions that misbehave on request.</summary>
public sealed class TestWorkerHost : IAsyncLifetime
{
    public FunctionsHost Host { get; private set; } = null!;

    /// <summary>Returns once the worker listens: it says that it is ready before.</summary>
    public static async Task<FunctionsHost> StartAsync(Dictionary<string, string>? environment = null)
    {
        var host = await FunctionsHost.StartAsync(environment, AppFolder.OutputOf(Path.Combine("tests", "TestWorker")));
        using var answer = await host.Client.GetAsync("health");
        answer.EnsureSuccessStatusCode();
        return host;
    }

    /// <summary>Waits for a signal that a function sends; fails when it does not come.</summary>
    public static async Task AwaitSignalAsync(FunctionsHost host, string name)
    {
        using var answer = await host.Client.GetAsync($"signals/{name}");
        answer.EnsureSuccessStatusCode();
    }

    public static async Task SendSignalAsync(FunctionsHost host, string name)
    {
        using var answer = await host.Client.PostAsync($"signals/{name}", null);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Waits for the result of an invocation, then makes sure that no second one follows.</summary>
    public static async Task<StatusResult> OnlyResultAsync(FunctionsHost host, HostInvocation invocation)
    {
        var result = await invocation.Result.WaitAsync(FunctionsHost.Patience);
        // behind all else in the queue
        await host.Worker.Channel.AskAsync(new StreamingMessage { WorkerStatusRequest = new WorkerStatusRequest() });
        Assert.Single(host.Worker.Channel.Messages, m => m.InvocationResponse?.InvocationId == invocation.Id);
        return result;
    }

    public async ValueTask InitializeAsync() => Host = await StartAsync();

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
