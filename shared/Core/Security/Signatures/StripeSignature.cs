using System.Security.Cryptography;
using System.Text;

namespace OpenClaw.Security.Signatures;

/// <summary>Verifies webhooks of Stripe: <c>Stripe-Signature: t={seconds},v1={hex}</c>, HMAC-SHA256 over <c>{t}.{body}</c>. While a
/// secret is rolled there are several <c>v1</c>. The id of the event is in the signed body. Source: Stripe's documentation "Verify
/// webhook signatures manually".</summary>
public sealed class StripeSignature(string secret) : IEventSignature
{
    private const string Header = "Stripe-Signature";

    private const int MaxParts = 32;

    private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);

    public bool MayBeSigned(EventHeaders headers, DateTimeOffset now) => Read(headers, now) is var (_, signatures) && signatures.Count > 0;

    public SignedEvent? Verify(EventHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (Read(headers, now) is not var (time, signatures))
        {
            return null;
        }

        var expected = SignatureBytes.Mac(_key, time + ".", body);
        return signatures.Exists(shown => SignatureBytes.AreSame(expected, shown)) ? new SignedEvent(null) : null;
    }

    private static (string Time, List<byte[]> Signatures)? Read(EventHeaders headers, DateTimeOffset now)
    {
        string? time = null;
        var signatures = new List<byte[]>();
        foreach (var part in headers.One(Header)?.Split(',', MaxParts) ?? [])
        {
            if (part.StartsWith("t=", StringComparison.Ordinal))
            {
                if (time is not null)
                {
                    return null;
                }

                time = part[2..];
            }
            else if (part.StartsWith("v1=", StringComparison.Ordinal)
                && SignatureBytes.FromHex(part.AsSpan(3), SHA256.HashSizeInBytes) is { } signature)
            {
                signatures.Add(signature);
            }
        }

        return time is not null && SignatureBytes.IsNear(time, now) ? (time, signatures) : null;
    }
}
