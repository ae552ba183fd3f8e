using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpenClaw.Errors;
using OpenClaw.Telemetry;
using static OpenClaw.Models.Upstream.UpstreamErrorClass;

namespace OpenClaw.Models.Upstream;

/// <summary>A provider's error, from whatever shape it had; see <see cref="UpstreamErrorReader"/>. None of its text is public.</summary>
internal sealed partial record UpstreamError(string? Message, string? Type, string? Code, string? Param)
{
    private const int MaxDetail = 500;

    public static readonly UpstreamError Unknown = new(null, null, null, null);

    /// <summary>All messages, those of errors inside it too.</summary>
    public string Text { get; init; } = "";

    /// <summary>All codes, types, statuses and reasons.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];

    /// <summary>The HTTP status that the error itself names; 0 when it names none.</summary>
    public int Status { get; init; }

    /// <summary>The wait that the error itself asks for (Google's <c>retryDelay</c>).</summary>
    public TimeSpan? RetryAfter { get; init; }

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
    public static UpstreamError From(JsonElement element) => UpstreamErrorReader.Read(element);

    /// <summary>What the error means; null when the status is none of an error.</summary>
    /// <param name="status">The provider's HTTP status.</param>
    public UpstreamErrorClass? ClassOf(int status) =>
        UpstreamErrorTable.Find(this, status)?.Class ?? UpstreamErrorTable.OfStatus(status, this);

    /// <summary>The error that the caller gets for a refused request.</summary>
    /// <param name="status">The provider's HTTP status.</param>
    public GatewayError ToGatewayError(int status, TimeSpan? retryAfter, string? model) => ClassOf(status) switch
    {
        ContextOverflow => GatewayError.ContextTooLong(),
        RequestTooLarge => GatewayError.UpstreamTooLarge(),
        RateLimit => GatewayError.UpstreamRateLimited(retryAfter),
        Quota => GatewayError.UpstreamQuota(),
        Overloaded => GatewayError.UpstreamOverloaded(retryAfter),
        ContentFilter => GatewayError.UpstreamFiltered(),
        BadKey => GatewayError.UpstreamCredentials(),
        Permission => GatewayError.UpstreamPermission(),
        ModelGone => GatewayError.UpstreamModelGone(model),
        BadRequest => GatewayError.UpstreamRejected(Safe(Param, SafeParam()), Safe(Code, SafeCode()) ?? "upstream_rejected"),
        TimedOut => GatewayError.UpstreamTimeout(),
        ServerError => GatewayError.UpstreamUnavailable() with { RetryAfter = retryAfter },
        _ => GatewayError.UpstreamProtocol(), // not an error of an API, or the base URL is wrong
    };

    /// <summary>The error that the caller gets when the provider reports one inside an answer that had begun.</summary>
    public GatewayError ToGatewayErrorInStream() => ClassOf(Status) is null or ServerError or NoSuchPath
        ? GatewayError.UpstreamInterrupted()
        : ToGatewayError(Status, RetryAfter, model: null);

    /// <summary>The text that may be logged: capped, without control characters, with every secret taken out.</summary>
    public static string Loggable(string? text, IReadOnlyList<string> secrets)
    {
        text ??= "";
        foreach (var secret in secrets)
        {
            text = text.Replace(secret, SecretForms.Mask, StringComparison.Ordinal);
        }

        text = SecretForms.MaskIn(text);
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

    private static string? Safe(string? value, Regex pattern) => value is not null && pattern.IsMatch(value) ? value : null;

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,63}\z")]
    private static partial Regex SafeCode();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_.\[\]]{0,99}\z")]
    private static partial Regex SafeParam();
}
