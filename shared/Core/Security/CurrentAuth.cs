using OpenClaw.Configuration;

namespace OpenClaw.Security;

/// <summary>The auth part of the configuration in force; a reload replaces it.</summary>
public sealed class CurrentAuth
{
    private volatile AuthSettings _settings;

    public CurrentAuth(GatewayConfigStore config)
    {
        _settings = new AuthSettings(config.Current);
        config.Changed += current => _settings = new AuthSettings(current);
    }

    public AuthSettings Settings => _settings;
}
