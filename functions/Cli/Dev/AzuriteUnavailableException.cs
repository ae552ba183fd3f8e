namespace OpenClaw.Functions.Cli.Dev;

/// <summary>The storage emulator cannot run here. The message is one line that says what to do about it.</summary>
public sealed class AzuriteUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
