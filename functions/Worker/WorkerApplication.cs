using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Functions.Worker;

/// <summary>The app on a loopback port of its own, to which the host forwards requests.</summary>
public sealed class WorkerApplication
{
    private readonly WebApplication _app;

    private WorkerApplication(WebApplication app)
    {
        _app = app;
        Address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
    }

    /// <summary>Such as <c>http://127.0.0.1:40123</c>; the port is chosen by the system.</summary>
    public string Address { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Ends when the worker begins to stop.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    public static async Task<WorkerApplication> StartAsync(WorkerOptions options, InvocationTable invocations, RpcLoggerProvider log)
    {
        var middleware = new InvocationMiddleware(invocations, log.CreateLogger(typeof(InvocationMiddleware).FullName!));
        var app = GatewayApplication.Build(
            options.Config,
            static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1),
            services =>
            {
                services.AddSingleton<IHostLifetime, HostOwnedLifetime>();
                options.Services?.Invoke(services);
            },
            logging => logging
                .AddProvider(log)
                .SetMinimumLevel(LogLevel.Information)
                .AddFilter("Microsoft", LogLevel.Warning),
            web => web.Use(middleware.InvokeAsync),
            options.Catalog);
        await app.StartAsync();
        return new WorkerApplication(app);
    }

    /// <summary>Lets running requests finish until the token ends, then aborts them.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    /// <summary>Signals are not for the app to act on: the Functions host decides when the worker ends.</summary>
    private sealed class HostOwnedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
