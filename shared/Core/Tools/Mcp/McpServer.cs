using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Outbound;

namespace OpenClaw.Tools.Mcp;

/// <summary>
/// One configured server: connected when it is first needed, and again when the connection is lost.
/// <code>
/// list: (1) a list that is known is given at once; an old one is renewed in the background
///       (2) else the server is asked; the first to wait gives up after <see cref="ListPatience"/>, the next do not wait, and find the
///           list once it is there
///       (3) after a failure it is left alone for a while
/// call: connect if need be, call, and after a lost session connect and call once more
/// </code>
/// </summary>
internal sealed partial class McpServer(
    string name, McpServerSection section, OutboundNetwork network, HostTraits host, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>How long a run waits for a server that it does not know yet.</summary>
    internal static readonly TimeSpan ListPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ListAge = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>After so many failures the known tools are no longer offered.</summary>
    private const int MostFailures = 3;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _end = new();
    private Task<McpConnection>? _connection;
    private Task? _listing;
    private IReadOnlyList<McpToolInfo>? _tools;
    private DateTimeOffset _listedAt;
    private DateTimeOffset _pauseEnd;
    private string? _error;
    private int _failures;
    private bool _hasChanged;
    private bool _isSlow;

    public string Name => name;

    public McpServerSection Section => section;

    private bool IsProgram => section.Url is null;

    private bool IsUsable => section.Enabled && !(IsProgram && host.IsWorker);

    public McpServerStatus Status
    {
        get
        {
            lock (_lock)
            {
                var status = !section.Enabled ? "disabled" : !IsUsable ? "unavailable" : _error is not null ? "error"
                    : _connection is { IsCompletedSuccessfully: true } ? "connected"
                    : _connection is not null || _listing is not null ? "connecting" : "idle";
                return new McpServerStatus(name, IsProgram ? "stdio" : section.Transport ?? "http", status, _tools?.Count ?? 0)
                {
                    Error = status == "unavailable" ? "The Functions host starts no programs." : _error,
                    ListedAt = _tools is null ? null : _listedAt,
                };
            }
        }
    }

    /// <summary>Its tools; none while they are not known. Never fails, except when the caller leaves.</summary>
    /// <param name="isPatient">Waits also for a server that has been waited for.</param>
    public async ValueTask<IReadOnlyList<McpToolInfo>> ListAsync(bool isPatient, CancellationToken cancellationToken)
    {
        if (!IsUsable)
        {
            return [];
        }

        Task listing;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if ((_tools is null || _hasChanged || now - _listedAt > ListAge) && now >= _pauseEnd && !_end.IsCancellationRequested)
            {
                _listing ??= Task.Run(RenewAsync, CancellationToken.None);
            }

            if (_tools is { } known && !_hasChanged)
            {
                return known; // (1)
            }

            if (_listing is null || (_isSlow && !isPatient))
            {
                return _tools ?? []; // (3)
            }

            listing = _listing;
        }

        try
        {
            await listing.WaitAsync(ListPatience, time, cancellationToken); // (2)
        }
        catch (TimeoutException)
        {
            lock (_lock)
            {
                _isSlow = _listing == listing;
            }

            LogSlow(name);
        }

        return _tools ?? [];
    }

    /// <summary>Calls one tool. A failure is a result that says why.</summary>
    public async Task<ToolResult> CallAsync(string tool, JsonElement arguments, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(section.RequestTimeoutMs), time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken, _end.Token);
        try
        {
            for (var isFirst = true; ; isFirst = false)
            {
                var connection = await ConnectAsync().WaitAsync(end.Token);
                try
                {
                    return McpResult.Read(await connection.CallToolAsync(tool, arguments, end.Token), name, tool);
                }
                catch (McpServerException failure) when (failure.IsSessionLost && isFirst)
                {
                    Retire(connection);
                }
            }
        }
        catch (McpServerException failure)
        {
            LogCallFailed(name, failure.Message, (failure.InnerException ?? failure).GetType().Name);
            return ToolResult.Failed($"The MCP server '{name}' failed. {failure.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ToolResult.Failed(limit.IsCancellationRequested
                ? $"The MCP server '{name}' did not answer within {section.RequestTimeoutMs} ms; the call may have had an effect."
                : $"The MCP server '{name}' is no longer configured.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Task<McpConnection>? connection;
        Task? listing;
        lock (_lock)
        {
            (connection, listing) = (_connection, _listing);
        }

        if (listing is not null)
        {
            await listing; // it has been cancelled, and does not throw
        }

        if (connection is not null && await Task.WhenAny(connection) is { IsCompletedSuccessfully: true })
        {
            await (await connection).DisposeAsync();
        }
    }

    private async Task RenewAsync()
    {
        var tools = default(IReadOnlyList<McpToolInfo>);
        var error = default(string);
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(section.ConnectionTimeoutMs), time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _end.Token);
        try
        {
            lock (_lock)
            {
                _hasChanged = false; // what changes from now on is asked for again
            }

            tools = await FetchAsync(end.Token);
        }
        catch (McpServerException failure)
        {
            error = failure.Message;
        }
        catch (OperationCanceledException)
        {
            error = "It does not answer in time.";
        }

        lock (_lock)
        {
            (_listing, _isSlow) = (null, false);
            _error = error;
            var now = time.GetUtcNow();
            if (tools is not null)
            {
                (_tools, _listedAt, _failures, _pauseEnd) = (tools, now, 0, default);
                return;
            }

            _tools = ++_failures < MostFailures ? _tools : null;
            var pause = ShortestPause * Math.Pow(2, Math.Min(_failures - 1, 8));
            _pauseEnd = now + (pause < LongestPause ? pause : LongestPause);
        }

        LogListFailed(name, error!);
    }

    private async Task<IReadOnlyList<McpToolInfo>> FetchAsync(CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            var connection = await ConnectAsync().WaitAsync(cancellationToken);
            try
            {
                var listed = await connection.ListToolsAsync(cancellationToken);
                var tools = McpListing.Read(name, section, connection.Instructions, listed, out var left);
                LogListed(name, tools.Count, left);
                return tools;
            }
            catch (McpServerException failure) when (failure.IsSessionLost && isFirst)
            {
                Retire(connection);
            }
        }
    }

    /// <summary>The connection there is, or a new one; whoever needs it meanwhile waits for the same.</summary>
    private Task<McpConnection> ConnectAsync()
    {
        lock (_lock)
        {
            if (_connection is { IsCompletedSuccessfully: true } ready && !ready.Result.IsAlive)
            {
                _connection = null;
                _ = ready.Result.DisposeAsync().AsTask();
            }
            else if (_connection is { IsFaulted: true } or { IsCanceled: true })
            {
                _connection = null;
            }

            return _connection ??= Task.Run(OpenAsync, CancellationToken.None);
        }
    }

    private async Task<McpConnection> OpenAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(section.ConnectionTimeoutMs), time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _end.Token);
        try
        {
            return await McpConnection.OpenAsync(name, section, network, host, time, NoteChange, end.Token);
        }
        catch (OperationCanceledException) when (!_end.IsCancellationRequested)
        {
            throw new McpServerException("It does not answer in time.");
        }
    }

    private void Retire(McpConnection connection)
    {
        lock (_lock)
        {
            if (_connection is { IsCompletedSuccessfully: true } current && current.Result == connection)
            {
                _connection = null;
            }
        }

        _ = connection.DisposeAsync().AsTask();
    }

    private void NoteChange()
    {
        lock (_lock)
        {
            _hasChanged = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "MCP server {Server} offers {Tools} tools; {Left} entries of its list are none")]
    private partial void LogListed(string server, int tools, int left);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The tools of MCP server {Server} are not known: {Reason}")]
    private partial void LogListFailed(string server, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "MCP server {Server} is slow to list its tools; a run goes on without them")]
    private partial void LogSlow(string server);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A call of MCP server {Server} failed: {Reason} ({Cause})")]
    private partial void LogCallFailed(string server, string reason, string cause);
}
