using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Functions.SelfHost;
using OpenClaw.Telemetry;

namespace OpenClaw.Functions.CustomHandler;

/// <summary>What the custom handler runs.</summary>
/// <param name="Config">Loaded as far as possible.</param>
/// <param name="Port">On which the Functions host expects it.</param>
/// <param name="Redactor">Cleans the log, which the host takes from standard output.</param>
public sealed record CustomHandlerOptions(GatewayConfigStore Config, int Port, Redactor Redactor)
{
    /// <summary>Adds or replaces services.</summary>
    public Action<IServiceCollection>? Services { get; init; }
}

/// <summary>The gateway as a custom handler of the Functions host, which forwards HTTP as it comes and calls a timer function by a
/// request of its own. Source: Azure Functions custom handlers, <c>enableProxyingHttpRequest</c>.</summary>
public static class CustomHandlerGateway
{
    /// <summary>Serves until the process is told to stop.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(CustomHandlerOptions options, CancellationToken cancellationToken)
    {
        var catalog = GatewayFunctions.Create();
        await using var app = GatewayApplication.Build(
            options.Config,
            kestrel => kestrel.Listen(IPAddress.Loopback, options.Port, static listen => listen.Protocols = HttpProtocols.Http1),
            services =>
            {
                services.AddSingleton(options.Redactor).AddSingleton(HostTraits.Worker);
                options.Services?.Invoke(services);
            },
            logging => logging.AddProvider(new LineLoggerProvider(Console.Out, options.Redactor, TimeProvider.System, LogLevel.Information))
                .AddFilter("Microsoft", LogLevel.Warning).AddFilter("Azure", LogLevel.Warning).AddFilter("System", LogLevel.Warning),
            web => web.Use(new TimerRequests(catalog, web.Services.GetRequiredService<ILogger<TimerRequests>>()).InvokeAsync),
            catalog);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"error: port {options.Port}, which the host has chosen, is in use.");
            return ExitCode.PortInUse;
        }

        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Ok;
    }
}
