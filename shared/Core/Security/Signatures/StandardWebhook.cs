using System.Globalization;
using System.Security.Cryptography;

namespace OpenClaw.Security.Signatures;

/// <summary>Signs and verifies messages as Standard Webhooks 1.0.0 says (standardwebhooks.com): HMAC-SHA256 over
/// <c>{id}.{timestamp}.{body}</c>, as <c>v1,{base64}</c>; several signatures are separated by spaces.</summary>
public sealed class StandardWebhook : IEventSignature
{
    public const string IdHeader = "webhook-id";

    public const string TimestampHeader = "webhook-timestamp";

    public const string SignatureHeader = "webhook-signature";

    private const string SecretPrefix = "whsec_";

    private const string Version = "v1,";

    private const int MaxIdLength = 256;

    private const int MaxSignatures = 16;

    private readonly byte[] _key;

    /// <param name="secret">Base64, with or without <c>whsec_</c>.</param>
    /// <exception cref="FormatException">See <see cref="IsSecret"/>.</exception>
    public StandardWebhook(string secret) =>
        _key = TryRead(secret) ?? throw new FormatException("A Standard Webhooks secret is 24 to 64 bytes in base64, after 'whsec_'.");

    /// <summary>Whether a text is a secret: 24 to 64 bytes in base64, with or without <c>whsec_</c>.</summary>
    public static bool IsSecret(string text) => TryRead(text) is not null;

    /// <summary>The value of <see cref="SignatureHeader"/>.</summary>
    public string Sign(string id, DateTimeOffset time, ReadOnlySpan<byte> body) =>
        Version + Convert.ToBase64String(Mac(id, time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), body));

    public bool MayBeSigned(EventHeaders headers, DateTimeOffset now) =>
        headers.One(IdHeader) is { Length: <= MaxIdLength } && headers.One(SignatureHeader) is not null
        && headers.One(TimestampHeader) is { } timestamp && SignatureBytes.IsNear(timestamp, now);

    public SignedEvent? Verify(EventHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (!MayBeSigned(headers, now))
        {
            return null;
        }

        var id = headers.One(IdHeader)!;
        var expected = Mac(id, headers.One(TimestampHeader)!, body);
        Span<byte> shown = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (var signature in headers.One(SignatureHeader)!.Split(' ', MaxSignatures))
        {
            if (signature.StartsWith(Version, StringComparison.Ordinal)
                && Convert.TryFromBase64Chars(signature.AsSpan(Version.Length), shown, out var length)
                && SignatureBytes.AreSame(expected, shown[..length]))
            {
                return new SignedEvent(id);
            }
        }

        return null;
    }

    private byte[] Mac(string id, string timestamp, ReadOnlySpan<byte> body) => SignatureBytes.Mac(_key, $"{id}.{timestamp}.", body);

    private static byte[]? TryRead(string secret)
    {
        var text = secret.StartsWith(SecretPrefix, StringComparison.Ordinal) ? secret[SecretPrefix.Length..] : secret;
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length is >= 24 and <= 64 ? bytes[..length] : null;
    }
}
