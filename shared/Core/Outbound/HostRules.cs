using OpenClaw.Configuration;
using OpenClaw.Storage;

namespace OpenClaw.Outbound;

/// <summary>Names that are refused although their addresses may be public: this gateway itself, its storage, and what manages it.</summary>
public sealed class HostRules(GatewayConfigStore config, GatewayStorage storage)
{
    private static readonly string[] Domains =
    [
        "localhost", "local", "localdomain", "internal", "home.arpa",
        "management.azure.com", "management.core.windows.net", "management.usgovcloudapi.net", "management.chinacloudapi.cn",
    ];

    /// <summary>The suffixes behind an account's name and the service.</summary>
    private static readonly string[] StorageDomains =
        [".core.windows.net", ".core.usgovcloudapi.net", ".core.chinacloudapi.cn", ".storage.azure.net"];

    /// <summary>Settings of the platform that hold a URL.</summary>
    private static readonly string[] PlatformUrls = ["IDENTITY_ENDPOINT", "MSI_ENDPOINT"];

    /// <summary>Reads the environment; replaced in tests.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <param name="host">Of an <see cref="OutboundUrl"/>.</param>
    /// <param name="allowlist">Hosts, exact or <c>*.example.com</c>; empty allows all that are not refused.</param>
    /// <exception cref="IOException">Why the name is refused.</exception>
    public void Check(string host, IReadOnlyList<string> allowlist)
    {
        if (Domains.Any(domain => IsWithin(host, domain)))
        {
            throw Refused("its host is reserved");
        }

        if (OwnHosts().Any(own => host == Normalize(own)) || AccountNames().Any(account => IsOfAccount(host, account)))
        {
            throw Refused("its host is the gateway's own");
        }

        if (allowlist.Count > 0 && !allowlist.Any(pattern => Matches(host, Normalize(pattern))))
        {
            throw Refused("its host is not on the allow-list");
        }
    }

    private static bool IsWithin(string host, string domain) =>
        host == domain || (host.Length > domain.Length && host.EndsWith(domain, StringComparison.Ordinal)
            && host[^(domain.Length + 1)] == '.');

    /// <summary>Also of its second region and the like, such as <c>name-secondary</c>.</summary>
    private static bool IsOfAccount(string host, string account)
    {
        var label = host.Split('.')[0];
        return (label.Equals(account, StringComparison.OrdinalIgnoreCase)
            || label.StartsWith(account + "-", StringComparison.OrdinalIgnoreCase))
            && IsOfStorage(host);
    }

    private static bool IsOfStorage(string host) => StorageDomains.Any(domain => host.EndsWith(domain, StringComparison.OrdinalIgnoreCase));

    private static bool Matches(string host, string pattern) =>
        pattern.StartsWith("*.", StringComparison.Ordinal)
            ? host.Length > pattern.Length - 1 && host.EndsWith(pattern[1..], StringComparison.Ordinal)
            : host == pattern;

    private IEnumerable<string> OwnHosts()
    {
        if (config.Current.Gateway.PublicUrl is { } publicUrl)
        {
            yield return new Uri(publicUrl).IdnHost;
        }

        if (Read(EnvironmentVariables.PlatformHostName) is { } site)
        {
            var name = site.Split(':')[0];
            yield return name;
            if (name.Split('.', 2) is [var app, var domain])
            {
                yield return $"{app}.scm.{domain}"; // where the site is deployed and debugged
            }
        }

        foreach (var setting in PlatformUrls)
        {
            if (Uri.TryCreate(Read(setting), UriKind.Absolute, out var url))
            {
                yield return url.IdnHost;
            }
        }

        if ((Setting(Read(EnvironmentVariables.SignalR), "Endpoint") ?? Read($"{EnvironmentVariables.SignalR}__serviceUri")) is { } endpoint
            && Uri.TryCreate(endpoint, UriKind.Absolute, out var signalR))
        {
            yield return signalR.IdnHost;
        }

        if (storage.Endpoints is { } endpoints)
        {
            yield return endpoints.Blob.IdnHost;
            yield return endpoints.Queue.IdnHost;
            yield return endpoints.Table.IdnHost;
        }
    }

    /// <summary>Of the gateway's data and of the Functions host; all their services count, not only those in use.</summary>
    private IEnumerable<string> AccountNames()
    {
        if (storage.Endpoints is { } endpoints && IsOfStorage(endpoints.Blob.IdnHost))
        {
            yield return endpoints.Blob.IdnHost.Split('.')[0];
        }

        if ((Setting(Read("AzureWebJobsStorage"), "AccountName") ?? Read("AzureWebJobsStorage__accountName")) is { } host)
        {
            yield return host;
        }
    }

    private string? Read(string name) => Environment(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    private static string? Setting(string? connectionString, string name) =>
        connectionString?.Split(';', StringSplitOptions.TrimEntries)
            .Where(part => part.StartsWith(name + "=", StringComparison.OrdinalIgnoreCase)).Select(
                part => part[(name.Length + 1)..].Trim()).FirstOrDefault();

    private static string Normalize(string name) => name.TrimEnd('.').ToLowerInvariant();

    private static RefusedException Refused(string reason) => new(reason, FetchFailure.InvalidUrl);
}
