using System.CommandLine;
using OpenClaw.Functions.Hosts.SelfHost;

namespace OpenClaw.Functions.Cli.Commands;

/// <summary>The options of commands that ask a running gateway.</summary>
internal sealed class GatewayOptions(Option<string?> config)
{
    private const int Failed = 1;

    private readonly Option<string?> _url = new("--url")
    {
        Description = "Base URL of the gateway. Default: this machine, and the port of the configuration.",
    };

    private readonly Option<string?> _token = new("--token")
    {
        Description = "Its secret. Default: OPENCLAW_GATEWAY_TOKEN, gateway.auth.token.",
    };

    public Command AddTo(Command command)
    {
        command.Options.Add(_url);
        command.Options.Add(_token);
        return command;
    }

    public async Task<int> RunAsync(
        ParseResult parsed, Func<GatewayApi, CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        if (ConfigCheck.Load(parsed.GetValue(config), Console.Error).Config is not { } loaded)
        {
            return ExitCode.ConfigInvalid;
        }

        try
        {
            using var api = GatewayApi.Open(loaded, parsed.GetValue(_url), parsed.GetValue(_token));
            await act(api, cancellationToken);
            return ExitCode.Ok;
        }
        catch (GatewayApiException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return Failed;
        }
    }
}
