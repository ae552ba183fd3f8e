using System.Globalization;
using Azure;

namespace OpenClaw.Storage;

/// <summary>The storage service's clock when it answered a read, in whole seconds. Leases are judged by it, so that no instance's own
/// clock matters.</summary>
public readonly record struct StorageClock(DateTimeOffset Now)
{
    internal static StorageClock Of(Response answer) => answer.Headers.TryGetValue("Date", out var text)
        && DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var now)
            ? new(now)
            : throw new InvalidDataException("The answer of storage has no date.");
}
