namespace OpenClaw.Functions.Worker;

/// <summary>The host sent bytes that are not its protocol; the process cannot go on.</summary>
public sealed class HostProtocolException(string message, Exception? inner = null) : Exception(message, inner);
