using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpenClaw.Errors;
using OpenClaw.Models.Providers;

namespace OpenClaw.Models.Upstream;

/// <summary>
/// A provider's error: <c>{"error":{message,type,code,param}}</c>, or one of the shapes that servers really send (an error string, the
/// object without its envelope, the envelope in an array); Anthropic's has only type and message. None of its text is public.
/// </summary>
internal sealed partial record UpstreamError(string? Message, string? Type, string? Code, string? Param)
{
    private const int MaxDetail = 500;

    public static readonly UpstreamError Unknown = new(null, null, null, null);

    public bool IsQuota => Words.Quota.Contains(Code) || Words.Quota.Contains(Type) || Says(Words.QuotaPhrases);

    private static ErrorWords Words => ProviderApis.ErrorWords;

    private bool IsTooLong => Code is "context_length_exceeded" || Says(Words.TooLongPhrases);

    /// <summary>Reads an error body; <see cref="Unknown"/> when it is not one.</summary>
    public static UpstreamError Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return From(JsonElement.ParseValue(ref reader));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return Unknown;
        }
    }

    /// <summary>Reads the value of an <c>error</c> field, or the object or array around it.</summary>
    public static UpstreamError From(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => new(element.GetString(), null, null, null),
        JsonValueKind.Array when element.GetArrayLength() > 0 => From(element[0]),
        JsonValueKind.Object when element.TryGetProperty("error", out var inner) && inner.ValueKind != JsonValueKind.Null => From(inner),
        JsonValueKind.Object => new(Text(element, "message"), Text(element, "type"), Text(element, "code"), Text(element, "param")),
        _ => Unknown,
    };

    /// <summary>The error that the caller gets for a refused request.</summary>
    /// <param name="status">The provider's HTTP status.</param>
    public GatewayError ToGatewayError(int status, TimeSpan? retryAfter, string model) => status switch
    {
        401 or 403 => GatewayError.UpstreamCredentials(),
        402 => GatewayError.UpstreamQuota(),
        429 => IsQuota ? GatewayError.UpstreamQuota() : GatewayError.UpstreamRateLimited(retryAfter),
        408 or >= 500 => GatewayError.UpstreamUnavailable() with { RetryAfter = retryAfter },
        >= 400 when IsQuota => GatewayError.UpstreamQuota(),
        >= 400 when IsTooLong => GatewayError.ContextTooLong(),
        404 when this == Unknown => GatewayError.UpstreamProtocol(), // not an error of an API: the base URL is wrong
        404 => GatewayError.ModelNotFound(model),
        >= 400 when Code is "model_not_found" => GatewayError.ModelNotFound(model),
        >= 400 => GatewayError.UpstreamRejected(Safe(Param, SafeParam()), Safe(Code, SafeCode()) ?? "upstream_rejected"),
        _ => GatewayError.UpstreamProtocol(),
    };

    /// <summary>The error that the caller gets when the provider reports one inside an answer that had begun.</summary>
    public GatewayError ToGatewayErrorInStream() =>
        IsQuota ? GatewayError.UpstreamQuota()
        : IsTooLong ? GatewayError.ContextTooLong()
        : Words.RateLimit.Contains(Code ?? Type) ? GatewayError.UpstreamRateLimited(null)
        : GatewayError.UpstreamInterrupted();

    /// <summary>The text that may be logged: capped, without control characters, with every secret taken out.</summary>
    public static string Loggable(string? text, IReadOnlyList<string> secrets)
    {
        text ??= "";
        foreach (var secret in secrets)
        {
            text = text.Replace(secret, "[redacted]", StringComparison.Ordinal);
        }

        text = SecretLike().Replace(text, "[redacted]");
        var line = new StringBuilder(Math.Min(text.Length, MaxDetail));
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= MaxDetail)
            {
                return line.Append('…').ToString();
            }

            line.Append(Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 ? " " : rune.ToString());
        }

        return line.ToString();
    }

    private bool Says(IReadOnlyList<string> phrases) =>
        Message is not null && phrases.Any(phrase => Message.Contains(phrase, StringComparison.OrdinalIgnoreCase));

    private static string? Text(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value) ? null
        : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };

    private static string? Safe(string? value, Regex pattern) => value is not null && pattern.IsMatch(value) ? value : null;

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,63}\z")]
    private static partial Regex SafeCode();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_.\[\]]{0,99}\z")]
    private static partial Regex SafeParam();

    [GeneratedRegex(@"\b(sk|pk|rk)-[A-Za-z0-9_*.-]{4,}|\bBearer\s+\S+|://[^/\s:@]+:[^/\s@]+@", RegexOptions.IgnoreCase)]
    private static partial Regex SecretLike();
}
