using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Telemetry;

namespace OpenClaw.Functions.Hosts.FunctionsWorker;

/// <summary>Configuration, functions and limits of the worker.</summary>
/// <param name="Config">Loaded as far as possible: a worker never refuses to start because of its configuration.</param>
public sealed record WorkerSettings(GatewayConfigStore Config, Redactor Redactor)
{
    public FunctionCatalog Catalog { get; init; } = GatewayFunctions.Create();

    /// <summary>How long an invocation waits for its request. The host forwards the request first; the package has the same limit for the
    /// other order.</summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Adds or replaces services after all others.</summary>
    public Action<IServiceCollection>? Services { get; init; }
}
