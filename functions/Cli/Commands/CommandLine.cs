using System.CommandLine;
using System.Security.Cryptography;
using OpenClaw.Functions.Hosts.SelfHost;

namespace OpenClaw.Functions.Cli.Commands;

/// <summary>The commands of <c>openclaw</c>.</summary>
public static class CommandLine
{
    /// <summary>How long a command may take to end after a signal: requests drain, then the storage emulator writes its data out.</summary>
    private static readonly TimeSpan StopTime = SelfHostGateway.DrainTime + TimeSpan.FromSeconds(15);

    /// <returns>Exit code of the command.</returns>
    public static Task<int> RunAsync(string[] args)
    {
        var config = new Option<string?>(
            "--config")
        {
            Description =
            "Path of openclaw.json (JSON5). Default: OPENCLAW_CONFIG_PATH, ./openclaw.json, ~/.openclaw/openclaw.json.",
            Recursive = true
        };
        var root = new RootCommand("OpenClaw Functions: an AI-agent gateway without a server to look after.") { config };
        root.Subcommands.Add(Dev(config));
        root.Subcommands.Add(Gateway(config));
        root.Subcommands.Add(Config(config));
        root.Subcommands.Add(CronCommands.Create(config));
        root.Subcommands.Add(ChannelCommands.Channels(config));
        root.Subcommands.Add(ChannelCommands.Pairing(config));
        root.Subcommands.Add(McpCommands.Create(config));
        root.Subcommands.Add(Token());
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = StopTime });
    }

    private static Option<int?> Port() =>
        new("--port") { Description = $"TCP port. Default: OPENCLAW_GATEWAY_PORT, gateway.port, {SelfHostOptions.DefaultPort}." };

    private static Command Dev(Option<string?> config)
    {
        var port = Port();
        var data = new Option<string?>(
            "--data")
        { Description = "Folder of the token and of Azurite's data. Default: .openclaw beside the solution." };
        var command = new Command("dev", "Runs the gateway on this machine, with storage and a model, ready to try.") { port, data };
        command.SetAction((parsed, token) =>
            DevCommand.RunAsync(parsed.GetValue(config), parsed.GetValue(port), parsed.GetValue(data), token));
        return command;
    }

    private static Command Gateway(Option<string?> config)
    {
        var port = Port();
        var bind = new Option<string?>("--bind") { Description = "'loopback', 'lan' or an IP address." };
        var start = new Command(
            "start", "Serves until stopped. Exit codes: 1 configuration, 2 port in use, 3 no credentials, 4 storage.") { port, bind };
        start.SetAction((parsed, token) =>
            GatewayStart.RunAsync(parsed.GetValue(config), parsed.GetValue(port), parsed.GetValue(bind), token));
        return new Command("gateway", "The gateway as a process of its own.") { start };
    }

    private static Command Config(Option<string?> config)
    {
        var check = new Command("check", "Reads the configuration and says what is wrong with it.");
        check.SetAction(parsed => ConfigCheck.Run(parsed.GetValue(config), Console.Out, Console.Error));
        var environment = new Command("environment", "Prints the environment variables that the program reads, one a line.");
        environment.SetAction(_ => ConfigCheck.PrintEnvironment(Console.Out));
        return new Command("config", "The configuration.") { check, environment };
    }

    private static Command Token()
    {
        var create = new Command("new", "Prints a fresh random token.");
        create.SetAction(_ => Console.Out.WriteLine(NewToken()));
        return new Command("token", "Gateway tokens.") { create };
    }

    /// <summary>A secret for <c>gateway.auth.token</c>: 40 base62 characters, 238 bits.</summary>
    internal static string NewToken() =>
        "oc_gw_" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 40);
}
