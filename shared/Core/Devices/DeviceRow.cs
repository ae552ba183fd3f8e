using System.Globalization;
using Azure.Data.Tables;
using OpenClaw.Security;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Devices;

/// <summary>How a paired device is stored: one row, its tokens as hashes.</summary>
internal sealed class DeviceRow : TableRow, ITableRow<DeviceRow>
{
    public const string Partition = "devices";

    private DeviceRow(TableEntity entity)
        : base(entity)
    {
    }

    private DeviceRow(string id)
        : base(Partition, id)
    {
    }

    public static DeviceRow Read(TableEntity entity, StorageClock clock) => new(entity);

    public static DeviceRow Of(Device device) => new(device.Id)
    {
        ["PublicKey"] = device.Facts.Identity.PublicKey,
        ["DisplayName"] = device.Facts.DisplayName,
        ["Platform"] = device.Facts.Platform,
        ["DeviceFamily"] = device.Facts.DeviceFamily,
        ["ClientId"] = device.Facts.ClientId,
        ["ClientMode"] = device.Facts.ClientMode,
        ["Label"] = device.Label,
        ["Owner"] = device.Owner,
        ["Scopes"] = Write(device.Scopes),
        ["ApprovedVia"] = device.ApprovedVia,
        ["CreatedAt"] = device.CreatedAt,
        ["ApprovedAt"] = device.ApprovedAt,
        ["LastSeenAt"] = device.LastSeenAt,
        ["Tokens"] = device.Tokens.Count == 0 ? null : string.Join('\n', device.Tokens.Select(Write)),
        ["AwaitsToken"] = device.AwaitsToken ? true : null,
        ["Generation"] = device.Generation,
        ["V"] = 1,
    };

    /// <summary>To be merged over the device's row.</summary>
    public static DeviceRow Seen(string id, DateTimeOffset at) => new(id) { ["LastSeenAt"] = at };

    public Device ToDevice() => new()
    {
        Facts = ReadFacts(Text, RowKey),
        Label = Text("Label"),
        Owner = Text("Owner") ?? "",
        Scopes = ReadScopes(Text("Scopes")),
        ApprovedVia = Text("ApprovedVia") ?? "",
        CreatedAt = Time("CreatedAt") ?? default,
        ApprovedAt = Time("ApprovedAt") ?? default,
        LastSeenAt = Time("LastSeenAt"),
        Tokens = [.. (Text("Tokens") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(ReadToken)],
        AwaitsToken = Flag("AwaitsToken"),
        Generation = Int("Generation") ?? 0,
    };

    internal static DeviceFacts ReadFacts(Func<string, string?> text, string id) => new(
        new DeviceIdentity(id, text("PublicKey") ?? ""), text("DisplayName"), text("Platform") ?? "", text("DeviceFamily"),
        text("ClientId") ?? "", text("ClientMode") ?? "");

    internal static string Write(Scope scopes) => string.Join(' ', Security.Scopes.ListNames(scopes));

    internal static Scope ReadScopes(string? text) => (text ?? "").Split(' ').Aggregate(
        Scope.None, (all, name) => Security.Scopes.TryParse(name, out var scope) ? all | scope : all);

    private static string Write(DeviceToken token) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Convert.ToHexStringLower(token.Secret.Hash)} {token.CreatedAt.ToUnixTimeMilliseconds()}");

    private static DeviceToken ReadToken(string line)
    {
        var parts = line.Split(' ');
        return new DeviceToken(
            new Secret(Convert.FromHexString(parts[0])),
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[1], CultureInfo.InvariantCulture)));
    }
}
