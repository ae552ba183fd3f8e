namespace OpenClaw.Storage;

/// <summary>
/// Where an account is that is reached with a managed identity, as the settings <c>NAME__accountName</c> or
/// <c>NAME__blobServiceUri</c>, <c>…queueServiceUri</c>, <c>…tableServiceUri</c> say; <c>NAME__clientId</c> names a user-assigned identity.
/// Source: learn.microsoft.com/azure/azure-functions/functions-reference, "Common properties for identity-based connections".
/// </summary>
internal sealed record StorageIdentity(StorageEndpoints Endpoints, string? ClientId)
{
    /// <summary>Null when no such setting is there.</summary>
    /// <exception cref="InvalidOperationException">What is missing or malformed; the message names the setting.</exception>
    public static StorageIdentity? Read(string name, Func<string, string?> read)
    {
        var account = Setting("accountName");
        var (blob, queue, table) = (
            Setting("blobServiceUri") ?? Setting("serviceUri"), Setting("queueServiceUri"), Setting("tableServiceUri"));
        if ((account ?? blob ?? queue ?? table) is null)
        {
            return null;
        }

        if (account?.All(char.IsAsciiLetterOrDigit) == false)
        {
            throw new InvalidOperationException($"{name}__accountName must be the name of a storage account, not its address.");
        }

        if (Setting("credential") is { } credential && !credential.Equals("managedidentity", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"{name}__credential must be 'managedidentity'.");
        }

        return new(new(Endpoint(blob, "blob"), Endpoint(queue, "queue"), Endpoint(table, "table")), Setting("clientId"));

        string? Setting(string suffix) => read($"{name}__{suffix}") is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

        Uri Endpoint(string? address, string service) =>
            Uri.TryCreate(address ?? $"https://{account}.{service}.core.windows.net", UriKind.Absolute, out var uri)
            && uri.Scheme == "https" && uri is { Query: "", Host.Length: > 0 } && (address ?? account) is not null
                ? uri
                : throw new InvalidOperationException(
                    $"{name}__{service}ServiceUri must be an https URL without a query, or {name}__accountName the name of the account: "
                        + "an identity is only shown over TLS.");
    }
}
