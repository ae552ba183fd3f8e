using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;

namespace OpenClaw.Functions.Hosts.FunctionsWorker;

/// <summary>The process as a worker of the Azure Functions host: Microsoft's isolated worker with ASP.NET Core integration. Each class
/// of this folder fills one gap of its packages, listed in <c>docs/functions-worker.md</c>.</summary>
public static class FunctionsWorkerHost
{
    private const string UriArgument = "--functions-uri";

    /// <summary>Set by the platform when its placeholder process has loaded the app; the message stream is its own then.</summary>
    private const string NativeHost = "AZURE_FUNCTIONS_NATIVE_HOST";

    /// <summary>Asks the host to start another worker without counting an error. A worker that exits with 0 by itself is never
    /// replaced.</summary>
    private const int RestartExitCode = 200;

    /// <summary>The host kills a worker 5 s after it asked it to end.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(4);

    public static bool IsStartedByHost(string[] args) => args.Contains(UriArgument) || AppContext.GetData(NativeHost) is not null;

    /// <summary>Serves until the host asks the process to end or has died.</summary>
    /// <returns>The exit code: 0 only when the host asked the process to end.</returns>
    public static async Task<int> RunAsync(string[] args, WorkerSettings settings)
    {
        // The app's files do not change under a running worker; watching them costs start-up time.
        var builder = FunctionsApplication.CreateBuilder([.. args, "--hostBuilder:reloadConfigOnChange", "false"]);
        builder.UseMiddleware<InvocationMiddleware>(); // ahead of the package's own
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<HttpFunctionMiddleware>(); // behind it
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Azure", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        AddServices(builder.Services, settings);
        if (Value(args, UriArgument) is { } uri)
        {
            builder.Services.AddSingleton(new HostAddress(new Uri(uri))).AddSingleton<HostWatch>()
                .AddHostedService(static provider => provider.GetRequiredService<HostWatch>());
        }

        var app = builder.Build();
        var watch = app.Services.GetService<HostWatch>();
        await app.RunAsync();
        return watch is { IsHostGone: true } ? RestartExitCode : 0;
    }

    private static void AddServices(IServiceCollection services, WorkerSettings settings)
    {
        RedactingLoggerProvider.Wrap(services);
        services.AddGatewayFunctions(settings.Config, settings.Catalog)
            .AddSingleton(HostTraits.Worker)
            .AddSingleton(settings)
            .AddSingleton(settings.Redactor)
            .AddSingleton<ForwardedRequests>()
            .AddSingleton<IStartupFilter, ForwardedRequestFilter>()
            .AddSingleton<IHostLifetime, WorkerLifetime>()
            .Configure<HostOptions>(static host => host.ShutdownTimeout = StopLimit)
            .Configure<KestrelServerOptions>(GatewayApplication.ConfigureKestrel);
        settings.Services?.Invoke(services);
    }

    private static string? Value(string[] args, string name) => args.SkipWhile(a => a != name).Skip(1).FirstOrDefault();
}
