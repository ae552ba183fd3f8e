using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Gateway;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;

namespace OpenClaw.Functions;

/// <summary>The self-host's web application: Kestrel, and every HTTP function of the catalog as an endpoint.</summary>
public static class GatewayApplication
{
    /// <param name="config">The loaded configuration.</param>
    /// <param name="listen">Where Kestrel listens.</param>
    /// <param name="services">What the host adds or replaces.</param>
    /// <param name="logging">Log sinks of the host; none by default.</param>
    /// <param name="before">Middleware of the host, ahead of routing.</param>
    public static WebApplication Build(
        GatewayConfigStore config, Action<KestrelServerOptions> listen, Action<IServiceCollection>? services = null,
        Action<ILoggingBuilder>? logging = null, Action<WebApplication>? before = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            ConfigureKestrel(options);
            options.Limits.MaxRequestBodySize = UnreadBody.MostBytes; // readers of bodies raise it
            listen(options);
        });
        logging?.Invoke(builder.Logging);
        var catalog = GatewayFunctions.Create();
        builder.Services.AddRoutingCore();
        builder.Services.AddGatewayFunctions(config, catalog);
        services?.Invoke(builder.Services);

        var app = builder.Build();
        before?.Invoke(app);
        app.Use(ApiVersion.RewriteAsync);
        app.UseRouting();
        app.UseEndpoints(_ => { });
        var pipeline = app.Services.GetRequiredService<GatewayPipeline>();
        foreach (var function in catalog.Http)
        {
            Map(app, pipeline, function);
        }

        return app;
    }

    /// <summary>Limits are the gateway's own, so that exceeding them has an answer in the surface's form. Both hosts.</summary>
    public static void ConfigureKestrel(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
    }

    /// <summary>The gateway and its trigger classes. Both hosts.</summary>
    public static IServiceCollection AddGatewayFunctions(
        this IServiceCollection services, GatewayConfigStore config, FunctionCatalog catalog)
    {
        services.AddOpenClaw(config).AddSingleton(catalog).AddSingleton(catalog.Paths()).AddSingleton<RouteTable>();
        catalog.AddTriggers(services);
        // requests and background runs share one drain time
        return services.Configure<HostOptions>(static host => host.ServicesStopConcurrently = true);
    }

    private static void Map(WebApplication app, GatewayPipeline pipeline, HttpFunction function)
    {
        Task RunAsync(HttpContext context) => pipeline.InvokeAsync(
            context, function.Auth, (request, token) => function.Invoke(app.Services, request, token));
        var endpoint = function.Methods.Count == 0
            ? app.Map("/" + function.Route, RunAsync)
            : app.MapMethods("/" + function.Route, function.Methods, RunAsync);
        endpoint.WithDisplayName(function.Name);
    }
}
