namespace OpenClaw.Packaging;

/// <summary>A package cannot be made of what is there; the message says what is missing.</summary>
public sealed class PackagingException(string message) : Exception(message);
