namespace OpenClaw.Configuration;

/// <summary>The configuration in force. Readers take <see cref="Current"/> once per request; a reload swaps it whole.</summary>
public sealed class GatewayConfigStore(GatewayConfig initial)
{
    private volatile GatewayConfig _current = initial;

    public event Action<GatewayConfig>? Changed;

    public GatewayConfig Current => _current;

    /// <summary>True when what was loaded last could not be used: the last good one stays in force, or at the start the defaults,
    /// which admit no caller.</summary>
    public bool IsInvalid { get; set; }

    public void Replace(GatewayConfig config)
    {
        _current = config;
        Changed?.Invoke(config);
    }
}
