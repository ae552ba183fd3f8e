namespace OpenClaw.Storage;

/// <summary>The storage service's clock when it answered a read, in whole seconds. Leases are judged by it, so that no instance's own
/// clock matters.</summary>
public readonly record struct StorageClock(DateTimeOffset Now);
