using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpenClaw.Errors;
using OpenClaw.Storage;

namespace OpenClaw.Security;

/// <summary>Proves calls of the gateway to itself: a key that lies in its own storage, and tickets made with it.</summary>
public sealed class InternalSecret(GatewayStorage storage, TimeProvider time)
{
    public const string Header = "x-openclaw-internal";

    private const string TableName = "settings";

    /// <summary>How far the clocks of two instances may be apart, and how long a ticket is good for.</summary>
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(60);

    private byte[]? _key;

    /// <summary>A ticket for one path, good for a minute: the Unix time and an HMAC of both.</summary>
    public async Task<string> CreateTicketAsync(string path, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{at}.{Convert.ToHexStringLower(Sign(await ReadKeyAsync(cancellationToken), path, at))}";
    }

    /// <summary>Whether the ticket is ours, for this path, and fresh.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<bool> IsValidAsync(string? ticket, string path, CancellationToken cancellationToken)
    {
        var parts = (ticket ?? "").Split('.');
        if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            || Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - at) > (long)Validity.TotalSeconds)
        {
            return false;
        }

        var expected = Convert.ToHexStringLower(Sign(await ReadKeyAsync(cancellationToken), path, parts[0]));
        return new Secret(expected).Matches(parts[1]);
    }

    /// <summary>An HMAC in hex, under a key that serves one purpose only; the same on every instance.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<string> SignAsync(string purpose, string text, CancellationToken cancellationToken)
    {
        var key = HMACSHA256.HashData(await ReadKeyAsync(cancellationToken), Encoding.UTF8.GetBytes(purpose));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    private static byte[] Sign(byte[] key, string path, string at) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{path}\n{at}"));

    /// <summary>The key that the first instance to need one wrote.</summary>
    private async Task<byte[]> ReadKeyAsync(CancellationToken cancellationToken)
    {
        if (_key is { } known)
        {
            return known;
        }

        var table = storage.Table(TableName);
        while (true)
        {
            if (await table.GetAsync<InternalSecretRow>(
                InternalSecretRow.Partition, InternalSecretRow.RowKey, cancellationToken) is { } row)
            {
                return _key = row.Key;
            }

            try
            {
                await table.InsertAsync(new InternalSecretRow(RandomNumberGenerator.GetBytes(32)), cancellationToken);
            }
            catch (StorageException faster) when (faster.Status == 409)
            {
                // Another instance was; its key is read next.
            }
        }
    }
}
