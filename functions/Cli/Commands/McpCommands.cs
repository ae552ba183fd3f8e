using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using OpenClaw.Functions.Hosts.SelfHost;

namespace OpenClaw.Functions.Cli.Commands;

/// <summary><c>openclaw mcp</c>.</summary>
internal static class McpCommands
{
    public static Command Create(Option<string?> config)
    {
        var list = new Command("list", "Shows the MCP servers of the configuration; connects to none.");
        list.SetAction((parsed, _) => ListAsync(parsed.GetValue(config)));

        var gateway = new GatewayOptions(config);
        var name = new Argument<string?>("name") { Description = "Connects to this server first.", Arity = ArgumentArity.ZeroOrOne };
        var status = gateway.AddTo(new Command("status", "Shows what a running gateway knows of its MCP servers.") { name });
        status.SetAction((parsed, token) => gateway.RunAsync(
            parsed, (api, cancellation) => ShowAsync(api, parsed.GetValue(name), cancellation), token));
        return new Command("mcp", "Servers of the Model Context Protocol.") { list, status };
    }

    private static Task<int> ListAsync(string? configPath)
    {
        if (ConfigCheck.Load(configPath, Console.Error).Config is not { } config)
        {
            return Task.FromResult(ExitCode.ConfigInvalid);
        }

        TextTable.Write(
            Console.Out,
            [
                ["NAME", "TRANSPORT", "ENABLED", "WHERE"],
                .. config.Mcp.Servers.Select(server => new[]
                {
                    server.Key, server.Value.Url is null ? "stdio" : server.Value.Transport ?? "http", server.Value.Enabled ? "yes" : "no",
                    server.Value.Url is { } url
                        ? new Uri(url).GetLeftPart(UriPartial.Path) : server.Value.Command, // a query or an argument may hold a key
                }),
            ]);
        return Task.FromResult(ExitCode.Ok);
    }

    private static async Task ShowAsync(GatewayApi api, string? name, CancellationToken cancellationToken)
    {
        var data = await api.GetAsync(name is null ? "api/mcp" : $"api/mcp?probe={Uri.EscapeDataString(name)}", cancellationToken);
        TextTable.Write(
            Console.Out,
            [
                ["NAME", "TRANSPORT", "STATUS", "TOOLS", "LISTED", "ERROR"],
                .. data.GetProperty("servers").EnumerateArray().Select(server => new[]
                {
                    Text(server, "name"), Text(server, "transport"), Text(server, "status"),
                    server.GetProperty("tools").GetInt32().ToString(CultureInfo.InvariantCulture), Text(server, "listedAt"),
                    Text(server, "error"),
                }),
            ]);
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
