using System.Text.Json;
using System.Text.Unicode;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security.Limits;

namespace OpenClaw.Gateway.Realtime.Protocol;

/// <summary>One message of a client, as it came.</summary>
internal sealed class IncomingMessage : IDisposable
{
    private BodyLease? _lease;

    /// <param name="lease">What the message holds of the memory for bodies; given back when it is answered.</param>
    /// <param name="respond">Sends a response frame to it.</param>
    public IncomingMessage(ReadOnlySpan<byte> text, BodyLease? lease, Action<byte[]> respond)
    {
        (_lease, Respond) = (lease, respond);
        (Json, IsForbidden) = Parse(text);
    }

    /// <summary>Undefined when the message is no JSON.</summary>
    public JsonElement Json { get; }

    public bool IsJson => Json.ValueKind != JsonValueKind.Undefined;

    /// <summary>Whether it holds text that storage cannot take: NUL or half of a surrogate pair. Such text may not be read.</summary>
    public bool IsForbidden { get; }

    public Action<byte[]> Respond { get; }

    /// <summary>The message in a text that another protocol carries; undefined when it is no JSON, or may not be read.</summary>
    public static JsonElement ReadText(ReadOnlySpan<byte> text) => Parse(text) is (var json, false) ? json : default;

    /// <summary>Hands the lease over to the one who answers.</summary>
    public BodyLease? TakeLease() => Interlocked.Exchange(ref _lease, null);

    public void Dispose() => _lease?.Dispose();

    private static (JsonElement Json, bool IsForbidden) Parse(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
        {
            return default; // a binary message; the parser would find it out only when the text is read
        }

        try
        {
            var json = JsonElement.Parse(text);
            JsonTextCheck.ThrowIfForbidden(text);
            return (json, false);
        }
        catch (JsonException)
        {
            return default;
        }
        catch (GatewayException)
        {
            return (JsonElement.Parse(text), true);
        }
    }
}
