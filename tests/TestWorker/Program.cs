using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Functions;
using OpenClaw.Functions.Triggers;
using OpenClaw.Functions.Worker;
using OpenClaw.TestWorker;

// The product's worker around functions that misbehave on request.
var catalog = new FunctionCatalog()
    .Add<Echo>(static (f, request, token) => f.RunAsync(request, token))
    .Add<Inspect>(static (f, request, token) => f.RunAsync(request, token))
    .Add<Sse>(static (f, request, token) => f.RunAsync(request, token))
    .Add<ThrowError>(static (f, request, token) => f.RunAsync(request, token))
    .Add<Hang>(static (f, request, token) => f.RunAsync(request, token))
    .Add<FinishWhenStopping>(static (f, request, token) => f.RunAsync(request, token))
    .Add<WriteLog>(static (f, request, token) => f.RunAsync(request, token))
    .Add<Crash>(static (f, request, token) => f.RunAsync(request, token))
    .Add<ReadEnvironment>(static (f, request, token) => f.RunAsync(request, token))
    .Add<AwaitSignal>(static (f, request, token) => f.RunAsync(request, token))
    .Add<SendSignal>(static (f, request, token) => f.RunAsync(request, token))
    .Add<OneOfTwo>(static (f, request, token) => f.RunAsync(request, token))
    .Add<OtherOfTwo>(static (f, request, token) => f.RunAsync(request, token))
    .Add<NotFound>(static (f, request, token) => f.RunAsync(request, token))
    .AddTimer<Tick>(static (f, info, token) => f.RunAsync(info, token))
    .AddTimer<FailingTick>(static (f, info, token) => f.RunAsync(info, token))
    .AddTimer<HangingTick>(static (f, info, token) => f.RunAsync(info, token));

return await WorkerHost.RunAsync(args, new WorkerOptions
{
    Config = new GatewayConfigStore(new GatewayConfig()),
    Catalog = catalog,
    Services = static services => services.AddSingleton<Signals>(),
    PairingLimit = TimeSpan.FromSeconds(double.Parse(
        Environment.GetEnvironmentVariable("TEST_PAIRING_SECONDS") ?? "10", CultureInfo.InvariantCulture)),
});
