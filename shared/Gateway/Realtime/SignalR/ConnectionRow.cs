using System.Text.Json;
using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>A client of SignalR Service from its negotiation to its end. The first connection that shows the ticket has it for
/// good.</summary>
internal sealed class ConnectionRow : TableRow, ITableRow<ConnectionRow>
{
    public const string Name = "connection";

    public const string ExpiryColumn = "ExpiresAt";

    private ConnectionRow(TableEntity entity)
        : base(entity)
    {
    }

    public ConnectionRow(RealtimeTicket ticket)
        : base(ticket.Id, Name)
    {
        this["V"] = 1;
        this["Ticket"] = JsonSerializer.Serialize(ticket, SignalRJson.Default.RealtimeTicket);
        this[ExpiryColumn] = ticket.ExpiresAt;
    }

    public static ConnectionRow Read(TableEntity entity, StorageClock clock) => new(entity);

    public RealtimeTicket Ticket => JsonSerializer.Deserialize(Text("Ticket")!, SignalRJson.Default.RealtimeTicket)!;

    /// <summary>Null until a client has connected with the ticket.</summary>
    public string? ConnectionId
    {
        get => Text("ConnectionId");
        set => this["ConnectionId"] = value;
    }

    /// <summary>Null until the client has sent <c>connect</c>.</summary>
    public AdmittedClient? Admitted
    {
        get => Text("Admitted") is { } text ? JsonSerializer.Deserialize(text, SignalRJson.Default.AdmittedClient) : null;
        set => this["Admitted"] = value is null ? null : JsonSerializer.Serialize(value, SignalRJson.Default.AdmittedClient);
    }

    /// <summary>When the row counts for nothing any more.</summary>
    public DateTimeOffset ExpiresAt
    {
        get => Time(ExpiryColumn) ?? default;
        set => this[ExpiryColumn] = value;
    }
}
