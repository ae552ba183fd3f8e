using System.Globalization;
using OpenClaw.Configuration;

namespace OpenClaw.SignalR;

/// <summary>Where a SignalR Service is and how the gateway proves itself there: with an access key, or with a managed identity.
/// Source: learn.microsoft.com/azure/azure-signalr/concept-connection-string; learn.microsoft.com/azure/azure-functions,
/// "Common properties for identity-based connections".</summary>
/// <param name="Endpoint">Base address of the REST API; no trailing slash in its text.</param>
/// <param name="AccessKey">Null when a managed identity is used.</param>
/// <param name="ClientId">Client id of a user-assigned identity; null is the system-assigned one.</param>
public sealed record SignalRConnection(Uri Endpoint, string? AccessKey, string? ClientId)
{
    /// <summary>Where clients connect; differs from <see cref="Endpoint"/> behind a gateway of the operator.</summary>
    public Uri ClientEndpoint { get; init; } = Endpoint;

    /// <summary>Reads <c>Endpoint=…;AccessKey=…;Version=1.0;</c>. <c>AuthType=azure.msi</c> stands for a managed identity, <c>Port</c> for
    /// the port of a local emulator.</summary>
    /// <exception cref="FormatException">What is missing or malformed, without any of the text.</exception>
    public static SignalRConnection Parse(string text)
    {
        var settings = Split(text);
        var endpoint = WithPort(Address(settings, "Endpoint")
            ?? throw new FormatException("The SignalR connection string needs Endpoint."), settings);
        if (settings.TryGetValue("Version", out var version) && !version.StartsWith("1.", StringComparison.Ordinal))
        {
            throw new FormatException("Version in the SignalR connection string must be 1.0.");
        }

        var key = settings.GetValueOrDefault("AccessKey");
        var usesIdentity = settings.TryGetValue("AuthType", out var type);
        if (usesIdentity && type?.ToLowerInvariant() is not ("azure" or "azure.msi"))
        {
            throw new FormatException("AuthType in the SignalR connection string must be azure.msi, or absent beside an AccessKey.");
        }

        if (usesIdentity == key is not null)
        {
            throw new FormatException("The SignalR connection string needs either AccessKey or AuthType=azure.msi.");
        }

        return Checked(new SignalRConnection(endpoint, key, settings.GetValueOrDefault("ClientId"))
        {
            ClientEndpoint = Address(settings, "ClientEndpoint") ?? endpoint,
        });
    }

    /// <summary>The service that <c>AzureSignalRConnectionString</c> names, or <c>AzureSignalRConnectionString__serviceUri</c> with a
    /// managed identity. Null when neither is set.</summary>
    /// <exception cref="FormatException">A setting is malformed; the message names it and holds nothing of its value.</exception>
    public static SignalRConnection? FromEnvironment(Func<string, string?> read)
    {
        const string Name = EnvironmentVariables.SignalR;
        if (Read(Name) is { } text)
        {
            try
            {
                return Parse(text);
            }
            catch (FormatException malformed)
            {
                throw new FormatException($"{Name}: {malformed.Message}", malformed);
            }
        }

        if (Read($"{Name}__serviceUri") is not { } address)
        {
            return null;
        }

        if (Read($"{Name}__credential") is { } credential && !credential.Equals("managedidentity", StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException($"{Name}__credential must be 'managedidentity'.");
        }

        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Scheme: "https", Query: "" }
            ? new SignalRConnection(uri, null, Read($"{Name}__clientId"))
            : throw new FormatException($"{Name}__serviceUri must be an https URL without a query.");

        string? Read(string name) => read(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
    }

    /// <summary>The address without a trailing slash, as audiences of tokens begin.</summary>
    public string BaseUrl => Endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <summary>Where the clients of a hub connect; also the audience of their tokens.</summary>
    public string ClientUrl(string hub) => $"{ClientEndpoint.GetLeftPart(UriPartial.Path).TrimEnd('/')}/client/?hub={hub}";

    /// <summary>Without the key.</summary>
    public override string ToString() => $"{BaseUrl} ({(AccessKey is null ? "managed identity" : "access key")})";

    private static SignalRConnection Checked(SignalRConnection connection) =>
        connection.Endpoint.Scheme == "https" || (connection.Endpoint.IsLoopback && connection.AccessKey is not null)
            ? connection
            : throw new FormatException("Endpoint in the SignalR connection string must be an https URL; http is for emulators on this "
                + "machine, with an AccessKey.");

    private static Uri? Address(Dictionary<string, string> settings, string name) =>
        !settings.TryGetValue(name, out var address) ? null
        : Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", Query: "" }
            ? uri
            : throw new FormatException($"{name} in the SignalR connection string is not an http or https URL without a query.");

    private static Uri WithPort(Uri endpoint, Dictionary<string, string> settings)
    {
        if (!settings.TryGetValue("Port", out var text))
        {
            return endpoint;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65_535
            ? new UriBuilder(endpoint) { Port = port }.Uri
            : throw new FormatException("Port in the SignalR connection string must be a number from 1 to 65535.");
    }

    private static Dictionary<string, string> Split(string text)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !settings.TryAdd(part[..equals].TrimEnd(), part[(equals + 1)..].Trim()))
            {
                throw new FormatException("The SignalR connection string must be pairs of name=value, each name once.");
            }
        }

        return settings;
    }
}
