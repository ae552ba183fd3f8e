using System.Globalization;

namespace OpenClaw.Storage;

/// <summary>Where the three services of an account are; for an emulator the account's name is the first path segment.</summary>
public sealed record StorageEndpoints(Uri Blob, Uri Queue, Uri Table)
{
    public bool IsLoopback => Blob.IsLoopback && Queue.IsLoopback && Table.IsLoopback;
}

/// <summary>What a storage connection string says. Source:
/// learn.microsoft.com/azure/storage/common/storage-configure-connection-string.</summary>
internal sealed record StorageConnectionString(string AccountName, string AccountKey, StorageEndpoints Endpoints)
{
    /// <summary>The emulator's published account and key: no secret.</summary>
    private const string Emulator =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + "BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;QueueEndpoint=http://127.0.0.1:10001/devstoreaccount1;"
        + "TableEndpoint=http://127.0.0.1:10002/devstoreaccount1";

    /// <exception cref="FormatException">What is missing or malformed, without any of the text.</exception>
    public static StorageConnectionString Parse(string text)
    {
        var settings = Split(text);
        if (settings.TryGetValue("UseDevelopmentStorage", out var emulator) && bool.TryParse(emulator, out var use) && use)
        {
            settings = Split(Emulator);
        }

        if (!settings.TryGetValue("AccountName", out var account) || !settings.TryGetValue("AccountKey", out var key))
        {
            throw new FormatException(settings.ContainsKey("SharedAccessSignature")
                ? "A storage connection string with a SharedAccessSignature is not supported; use one with AccountName and AccountKey."
                : "The storage connection string needs AccountName and AccountKey, or UseDevelopmentStorage=true.");
        }

        var bytes = new byte[key.Length];
        if (!Convert.TryFromBase64String(key, bytes, out _))
        {
            throw new FormatException("AccountKey in the storage connection string is not base64.");
        }

        return new(account, key, new(
            Endpoint(settings, account, "blob"), Endpoint(settings, account, "queue"), Endpoint(settings, account, "table")));
    }

    private static Uri Endpoint(Dictionary<string, string> settings, string account, string service)
    {
        var name = $"{char.ToUpperInvariant(service[0])}{service[1..]}Endpoint";
        if (!settings.TryGetValue(name, out var address))
        {
            var scheme = settings.GetValueOrDefault("DefaultEndpointsProtocol", "https");
            var suffix = settings.GetValueOrDefault("EndpointSuffix", "core.windows.net");
            address = string.Create(CultureInfo.InvariantCulture, $"{scheme}://{account}.{service}.{suffix}");
        }

        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Query.Length == 0
            ? uri
            : throw new FormatException($"{name} in the storage connection string is not an http or https URL without a query.");
    }

    private static Dictionary<string, string> Split(string text)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new FormatException("The storage connection string is not a list of Name=Value parts separated by semicolons.");
            }

            settings[part[..equals].Trim()] = part[(equals + 1)..].Trim();
        }

        return settings;
    }
}
