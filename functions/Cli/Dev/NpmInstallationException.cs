namespace OpenClaw.Functions.Cli.Dev;

/// <summary>Node packages cannot be installed here. The message is one line that says what to do about it.</summary>
public sealed class NpmInstallationException(string message, Exception? innerException = null) : Exception(message, innerException);
