using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Telemetry;

namespace OpenClaw.Functions.Worker;

/// <summary>What the worker runs.</summary>
public sealed class WorkerOptions
{
    /// <summary>Loaded as far as possible: a worker never refuses to start over its configuration.</summary>
    public required GatewayConfigStore Config { get; init; }

    public FunctionCatalog Catalog { get; init; } = GatewayFunctions.Create();

    /// <summary>Cleans what goes to the host's log.</summary>
    public Redactor Redactor { get; init; } = new();

    /// <summary>Adds or replaces services.</summary>
    public Action<IServiceCollection>? Services { get; init; }

    /// <summary>Called after the host changed environment variables and directory: the place to load configuration again.</summary>
    public Func<CancellationToken, Task>? EnvironmentReloaded { get; init; }

    /// <summary>How long an invocation waits for its request, and a request for its invocation.</summary>
    public TimeSpan PairingLimit { get; init; } = TimeSpan.FromSeconds(10);
}
