using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Functions;
using OpenClaw.Functions.Hosts.FunctionsWorker;
using OpenClaw.Telemetry;
using OpenClaw.TestWorker;

if (args is ["gateway", ..])
{
    return await ToolGateway.RunAsync();
}

// The product's worker with functions beside its own that misbehave on request.
var catalog = GatewayFunctions.Create()
    .Add<Echo>(static (f, request, token) => f.RunAsync(request, token))
    .Add<Inspect>(static (f, request, token) => f.RunAsync(request, token))
    .Add<Sse>(static (f, request, token) => f.RunAsync(request, token))
    .Add<ThrowError>(static (f, request, token) => f.RunAsync(request, token))
    .Add<Hang>(static (f, request, token) => f.RunAsync(request, token))
    .Add<FinishWhenStopping>(static (f, request, token) => f.RunAsync(request, token))
    .Add<LogLines>(static (f, request, token) => f.RunAsync(request, token))
    .Add<Crash>(static (f, request, token) => f.RunAsync(request, token))
    .Add<ReadEnvironment>(static (f, request, token) => f.RunAsync(request, token))
    .Add<AwaitSignal>(static (f, request, token) => f.RunAsync(request, token))
    .Add<SendSignal>(static (f, request, token) => f.RunAsync(request, token))
    .Add<OneOfTwo>(static (f, request, token) => f.RunAsync(request, token))
    .Add<OtherOfTwo>(static (f, request, token) => f.RunAsync(request, token))
    .AddTimer<Tick>(static (f, info, token) => f.RunAsync(info, token))
    .AddTimer<FailingTick>(static (f, info, token) => f.RunAsync(info, token))
    .AddTimer<HangingTick>(static (f, info, token) => f.RunAsync(info, token));

return await FunctionsWorkerHost.RunAsync(args, new WorkerSettings(new GatewayConfigStore(new GatewayConfig()), new Redactor())
{
    Catalog = catalog,
    RequestLimit = TimeSpan.FromSeconds(
        double.Parse(Environment.GetEnvironmentVariable("TEST_REQUEST_SECONDS") ?? "5", CultureInfo.InvariantCulture)),
    Services = static services => services.AddSingleton<Signals>(),
});
