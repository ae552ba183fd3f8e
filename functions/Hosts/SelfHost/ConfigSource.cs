using OpenClaw.Configuration;
using OpenClaw.Models.Providers;

namespace OpenClaw.Functions.Hosts.SelfHost;

/// <summary>How the configuration of this process is loaded again.</summary>
/// <param name="Path">The file to watch; null when there is none.</param>
/// <param name="Load">Loads it as at the start, with the command line's values on top.</param>
public sealed record ConfigSource(string? Path, Func<ConfigResult> Load)
{
    /// <summary>Loads the same file again. A missing file is an error; no other file is searched for.</summary>
    /// <param name="complete">Adds the command's values to those of the file and the environment.</param>
    public static ConfigSource Of(ConfigResult loaded, Action<GatewayConfig> complete) => new(loaded.Path, () =>
    {
        var again = ConfigLoader.Load(ConfigRequest.FromProcess(loaded.Path), ProviderApis.Rules);
        if (again.Config is { } config)
        {
            complete(config);
        }

        return again;
    });
}
