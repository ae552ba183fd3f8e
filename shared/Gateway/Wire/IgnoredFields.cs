using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace OpenClaw.Gateway.Wire;

/// <summary>Names the fields of a body that the gateway does not know in a header of the answer, so that a misspelt field, or one of
/// another server's dialect, is noticed.</summary>
internal static class IgnoredFields
{
    public const string Header = "x-openclaw-ignored-fields";

    private const int MaxNames = 20;
    private const int MaxLength = 64;

    /// <param name="unknown">Null values ask for nothing and are not named.</param>
    public static void Report(HttpRequest request, IReadOnlyDictionary<string, JsonElement>? unknown)
    {
        var names = unknown?.Where(f => f.Value.ValueKind != JsonValueKind.Null).Select(f => f.Key).Where(IsClean).Take(MaxNames).ToList();
        if (names is { Count: > 0 })
        {
            request.HttpContext.Response.Headers[Header] = string.Join(", ", names);
        }
    }

    private static bool IsClean(string name) =>
        name.Length is > 0 and <= MaxLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
