using System.Text.Json;

namespace OpenClaw.Gateway.Hooks;

/// <summary>What a hook was called with: the values of templates and transforms.</summary>
/// <param name="Payload">The body.</param>
/// <param name="Headers">Names in lower case, without those that carry credentials.</param>
/// <param name="Query">Parameters of the URL, without those that carry credentials.</param>
/// <param name="Path">Of the hook, below <c>hooks.path</c>.</param>
public sealed record HookEvent(
    JsonElement Payload, IReadOnlyDictionary<string, string> Headers, IReadOnlyDictionary<string, string> Query, string Path,
    DateTimeOffset Now)
{
    /// <summary>The element of a list that <c>forEach</c> names; null when the event is taken as a whole.</summary>
    public JsonElement? Item { get; init; }
}
