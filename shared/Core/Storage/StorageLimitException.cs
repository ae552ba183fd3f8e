namespace OpenClaw.Storage;

/// <summary>A value that the service would refuse, found before it is sent. The message names the property or limit, never the
/// value.</summary>
internal sealed class StorageLimitException(string message) : ArgumentException(message);
