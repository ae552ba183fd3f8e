namespace OpenClaw.Configuration;

/// <summary>The configuration in force. Readers take <see cref="Current"/> once per request; a reload swaps it whole.</summary>
public sealed class GatewayConfigStore(GatewayConfig initial)
{
    private volatile GatewayConfig _current = initial;

    public event Action<GatewayConfig>? Changed;

    public GatewayConfig Current => _current;

    public void Replace(GatewayConfig config)
    {
        _current = config;
        Changed?.Invoke(config);
    }
}
