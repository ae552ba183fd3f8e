using System.Collections.Concurrent;
using OpenClaw.Errors;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>The clients of SignalR Service, in the table <c>…connections</c>: a ticket is bound to one connection, and every later call is
/// judged by what the row says, never by what the call repeats.
/// <code>
/// negotiate: ticket ──► connected (or the first message): bound to the connection ──► connect: admitted ──► disconnected: deleted
/// </code></summary>
internal sealed class ConnectionStore(GatewayStorage storage, TimeProvider time)
{
    private const string TableName = "connections";

    private const int MaxKnown = 10_000;

    /// <summary>How long a connection may live; the client negotiates again after it.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);

    /// <summary>The same where only a proxy's word or no credential stands behind it, which cannot be looked up again.</summary>
    private static readonly TimeSpan LifeOfIdentity = TimeSpan.FromHours(1);

    /// <summary>How long an instance believes that a connection has not ended.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, (ServiceClient Client, DateTimeOffset At)> _known = new(StringComparer.Ordinal);

    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>, <c>503 storage_not_configured</c>.</exception>
    public Task AddAsync(RealtimeTicket ticket, CancellationToken cancellationToken) =>
        Table.InsertAsync(new ConnectionRow(ticket), cancellationToken);

    /// <summary>Finds the client of a connection, and gives it the ticket when no connection has it.</summary>
    /// <returns>Null when the ticket is unknown, too old or another connection's.</returns>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<ServiceClient?> FindAsync(string? ticketId, string connectionId, CancellationToken cancellationToken)
    {
        if (!RealtimeTicket.IsId(ticketId))
        {
            return null;
        }

        var now = time.GetUtcNow();
        if (_known.TryGetValue(ticketId!, out var known) && now - known.At < MaxAge && now < known.Client.ExpiresAt)
        {
            return known.Client.ConnectionId == connectionId ? known.Client : null;
        }

        while (true)
        {
            if (await Table.GetAsync<ConnectionRow>(ticketId!, ConnectionRow.Name, cancellationToken) is not { } row
                || row.ExpiresAt <= now)
            {
                return null;
            }

            if (row.ConnectionId is { } owner)
            {
                return owner == connectionId ? Keep(new ServiceClient(row.Ticket, owner, row.Admitted, row.ExpiresAt)) : null;
            }

            var ticket = row.Ticket;
            row.ConnectionId = connectionId;
            row.ExpiresAt = now + LifeOf(ticket.Grant);
            try
            {
                await Table.ReplaceAsync(row, row.ETag, cancellationToken);
                return new ServiceClient(ticket, connectionId, null, row.ExpiresAt);
            }
            catch (StorageException taken) when (taken.Status is 412 or 404)
            {
                // Another event of this connection was faster, or another connection: the row says which.
            }
        }
    }

    /// <summary>Notes that a client has connected.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<ServiceClient?> AdmitAsync(ServiceClient client, AdmittedClient admitted, CancellationToken cancellationToken)
    {
        if (await Table.GetAsync<ConnectionRow>(client.Ticket.Id, ConnectionRow.Name, cancellationToken) is not { } row
            || row.ConnectionId != client.ConnectionId)
        {
            return null; // it left meanwhile
        }

        row.Admitted = admitted;
        try
        {
            await Table.ReplaceAsync(row, row.ETag, cancellationToken);
        }
        catch (StorageException gone) when (gone.Status is 404 or 412)
        {
            return null;
        }

        return Keep(client with { Admitted = admitted });
    }

    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task RemoveAsync(ServiceClient client, CancellationToken cancellationToken)
    {
        _known.TryRemove(client.Ticket.Id, out _);
        await Table.DeleteAsync(client.Ticket.Id, ConnectionRow.Name, etag: null, cancellationToken);
    }

    /// <summary>All that are connected, those that have outlived their row among them; without tickets that were never used and whose time
    /// is not over.</summary>
    public async IAsyncEnumerable<ServiceClient> ListAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in Table.QueryAsync<ConnectionRow>(new TableQuery(), cancellationToken))
        {
            if (row.ConnectionId is not null || row.ExpiresAt <= time.GetUtcNow())
            {
                yield return new ServiceClient(row.Ticket, row.ConnectionId ?? "", row.Admitted, row.ExpiresAt);
            }
        }
    }

    private StorageTable Table => storage.Table(TableName);

    private static TimeSpan LifeOf(RealtimeGrant grant) =>
        grant.IsAmbient ? LifeOfIdentity : Life;

    /// <summary>What never changes again may be known for a while.</summary>
    private ServiceClient Keep(ServiceClient client)
    {
        if (client.Admitted is not null)
        {
            if (_known.Count >= MaxKnown)
            {
                _known.Clear();
            }

            _known[client.Ticket.Id] = (client, time.GetUtcNow());
        }

        return client;
    }
}

/// <summary>A client of SignalR Service as its row has it.</summary>
/// <param name="ConnectionId">Empty for a ticket that was never used.</param>
/// <param name="Admitted">Null until it has sent <c>connect</c>.</param>
internal sealed record ServiceClient(RealtimeTicket Ticket, string ConnectionId, AdmittedClient? Admitted, DateTimeOffset ExpiresAt);
