using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenClaw.SignalR;

/// <summary>Tokens and signatures under the access key of a SignalR Service. Source: Azure/azure-signalr, docs/rest-api.md.</summary>
public static class SignalRTokens
{
    /// <summary>base64url of <c>{"alg":"HS256","typ":"JWT"}</c>.</summary>
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A token, signed with HMAC-SHA256.</summary>
    /// <param name="key">The access key; its text is the key, not what base64 makes of it.</param>
    /// <param name="audience">The URL that it is for, without a query; the client URL with its query.</param>
    /// <param name="claims">Further claims, each one or more values.</param>
    public static string Create(
        string key, string audience, DateTimeOffset now, TimeSpan lifetime, IEnumerable<KeyValuePair<string, string>>? claims = null)
    {
        using var payload = new MemoryStream();
        using (var json = new Utf8JsonWriter(payload, Options))
        {
            json.WriteStartObject();
            json.WriteString("aud"u8, audience);
            json.WriteNumber("iat"u8, now.ToUnixTimeSeconds());
            json.WriteNumber("nbf"u8, (now - Skew).ToUnixTimeSeconds());
            json.WriteNumber("exp"u8, (now + lifetime).ToUnixTimeSeconds());
            foreach (var claim in (claims ?? []).GroupBy(c => c.Key, c => c.Value, StringComparer.Ordinal))
            {
                Write(json, claim.Key, [.. claim]);
            }

            json.WriteEndObject();
        }

        var signed = $"{Header}.{Base64Url.EncodeToString(payload.GetBuffer().AsSpan(0, (int)payload.Length))}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(signed)))}";
    }

    /// <summary>What the service puts into <c>X-ASRS-Signature</c>: an HMAC of the connection's id, and of nothing else.</summary>
    public static string SignatureOf(string key, string connectionId) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(connectionId)));

    /// <summary>How far the clocks of the gateway and of the service may be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values is [var only])
        {
            json.WriteString(name, only);
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
