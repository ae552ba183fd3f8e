namespace OpenClaw.Functions.Hosts.FunctionsWorker;

/// <summary>Where the host's message stream is served.</summary>
internal sealed record HostAddress(Uri Uri);
