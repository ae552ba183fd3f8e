using System.Globalization;
using OpenClaw.Configuration;
using OpenClaw.Functions.CustomHandler;
using OpenClaw.Functions.SelfHost;
using OpenClaw.Telemetry;

namespace OpenClaw.Functions.Cli;

/// <summary><c>openclaw custom-handler</c>: like the worker, it starts whatever is wrong with configuration or storage and
/// answers 503 until that is mended.</summary>
public static class CustomHandlerStart
{
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(EnvironmentVariables.CustomHandlerPort), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            await Console.Error.WriteLineAsync($"A Functions host starts this command and sets {EnvironmentVariables.CustomHandlerPort}. To run without one: 'openclaw gateway start'.");
            return ExitCode.ConfigInvalid;
        }

        var loaded = WorkerStart.Load();
        var redactor = new Redactor();
        redactor.Use(ConfigSecrets.Of(loaded ?? new GatewayConfig()));
        return await CustomHandlerGateway.RunAsync(
            new CustomHandlerOptions(new GatewayConfigStore(loaded ?? new GatewayConfig()) { IsInvalid = loaded is null }, port, redactor)
            {
                Services = services => services.AddGatewayStorage(WorkerStart.Storage()),
            },
            cancellationToken);
    }
}
