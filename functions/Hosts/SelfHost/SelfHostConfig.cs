using OpenClaw.Configuration;
using OpenClaw.Models.Providers;
using OpenClaw.Security;

namespace OpenClaw.Functions.Hosts.SelfHost;

/// <summary>Where the configuration of a self-host comes from, and what of it is fixed until the next start.</summary>
public static class SelfHostConfig
{
    /// <summary>Settings that keep their values while the process runs.</summary>
    public static IReadOnlyList<RestartKey> RestartKeys { get; } =
    [
        new("gateway.port", static config => config.Gateway.Port, static (now, next) => next.Gateway.Port = now.Gateway.Port),
        new("gateway.bind", static config => config.Gateway.Bind, static (now, next) => next.Gateway.Bind = now.Gateway.Bind),

        // new credentials are not valid in the old mode
        new(
            "gateway.auth.mode", static config => new AuthSettings(config).Mode,
            static (now, next) => next.Gateway.Auth = now.Gateway.Auth),

        // active turns must end in the tables where they began
        new("storage.prefix", static config => config.Storage.Prefix, static (now, next) => next.Storage.Prefix = now.Storage.Prefix),
    ];

    /// <summary>Loads the same file again. A missing file is an error; no other file is searched for.</summary>
    /// <param name="complete">Adds the command's values to those of the file and the environment.</param>
    public static ConfigSource SourceOf(ConfigResult loaded, Action<GatewayConfig> complete) => new(loaded.Path, text =>
    {
        var request = ConfigRequest.FromProcess(loaded.Path);
        var again = text is null
            ? ConfigLoader.Load(request, ProviderApis.Rules)
            : ConfigLoader.Parse(text, ProviderApis.Rules, request.Environment);
        if (again.Config is { } config)
        {
            complete(config);
        }

        return again;
    });
}
