namespace OpenClaw.Functions.Hosts.SelfHost;

/// <summary>Why the gateway stopped, for supervisors. Source: service lifecycle of OpenClaw.</summary>
public static class ExitCode
{
    public const int Ok = 0;
    public const int ConfigInvalid = 1;
    public const int PortInUse = 2;
    public const int AuthMissing = 3;
    public const int StorageUnavailable = 4;
}
