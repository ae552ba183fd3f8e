using Microsoft.Extensions.Logging;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Outbound;

namespace OpenClaw.Tools.Mcp;

/// <summary>The configured MCP servers as a source of tools. Follows the configuration: a server whose settings change is connected
/// again.</summary>
public sealed class McpServers(
    GatewayConfigStore config, OutboundNetwork network, HostTraits host, TimeProvider time, ILogger<McpServers> logger)
    : IToolSource, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private McpSection? _section;
    private Dictionary<string, McpServer> _servers = [];
    private bool _isDisposed;

    /// <summary>Every configured server, in the order of the configuration. Connects to none.</summary>
    public IReadOnlyList<McpServerStatus> Status => [.. Current().Select(server => server.Status)];

    public async ValueTask<IReadOnlyList<ITool>> ListAsync(Agent agent, CancellationToken cancellationToken)
    {
        var servers = Current();
        if (servers.Count == 0)
        {
            return [];
        }

        var names = McpToolNames.OfServers(servers.Select(server => server.Name));
        var lists = await Task.WhenAll(servers.Select(server => server.ListAsync(isPatient: false, cancellationToken).AsTask()));
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. servers.Zip(lists).SelectMany(pair => pair.Second.Select(
            tool => new McpTool(McpToolNames.OfTool(names[pair.First.Name], tool.Name, used), tool, pair.First)))];
    }

    /// <summary>Asks a server for its tools now, and waits for them as a run would.</summary>
    /// <returns>Null when there is no such server.</returns>
    public async Task<McpServerStatus?> ProbeAsync(string name, CancellationToken cancellationToken)
    {
        if (Current().FirstOrDefault(server => server.Name == name) is not { } server)
        {
            return null;
        }

        await server.ListAsync(isPatient: true, cancellationToken);
        return server.Status;
    }

    public async ValueTask DisposeAsync()
    {
        List<McpServer> servers;
        lock (_lock)
        {
            _isDisposed = true;
            (servers, _servers) = ([.. _servers.Values], []);
        }

        await Task.WhenAll(servers.Select(server => server.DisposeAsync().AsTask()));
    }

    private IReadOnlyList<McpServer> Current()
    {
        var section = config.Current.Mcp;
        lock (_lock)
        {
            if (_section != section && !_isDisposed)
            {
                var before = _servers;
                _servers = section.Servers.ToDictionary(
                    pair => pair.Key,
                    pair => before.Remove(pair.Key, out var known) && Keep(known, pair.Value) ? known
                        : new McpServer(pair.Key, pair.Value, network, host, time, logger),
                    StringComparer.Ordinal);
                _section = section;
                foreach (var gone in before.Values)
                {
                    _ = gone.DisposeAsync().AsTask();
                }
            }

            return [.. _servers.Values];
        }
    }

    private static bool Keep(McpServer known, McpServerSection now)
    {
        if (known.Section.IsSameAs(now))
        {
            return true;
        }

        _ = known.DisposeAsync().AsTask();
        return false;
    }
}
