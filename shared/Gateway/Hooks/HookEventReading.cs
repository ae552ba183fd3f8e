using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace OpenClaw.Gateway.Hooks;

/// <summary>Makes the values of templates and transforms of a request. What carries credentials is left out: a template could send it
/// on.</summary>
internal static class HookEventReading
{
    private static readonly string[] Secrets =
        ["authorization", "cookie", "token", "secret", "signature", "password", "api-key", "apikey", "functions-key", "credential"];

    public static HookEvent ToHookEvent(this HttpRequest request, string path, JsonElement payload, DateTimeOffset now) => new(
        payload,
        request.Headers.Where(h => !IsSecret(h.Key))
            .ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString(), StringComparer.Ordinal),
        request.Query.Where(q => !IsSecret(q.Key) && q.Key != "key")
            .ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.Ordinal),
        path,
        now);

    private static bool IsSecret(string name) => Secrets.Any(secret => name.Contains(secret, StringComparison.OrdinalIgnoreCase));
}
