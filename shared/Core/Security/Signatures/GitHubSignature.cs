using System.Security.Cryptography;
using System.Text;

namespace OpenClaw.Security.Signatures;

/// <summary>Verifies webhooks of GitHub: HMAC-SHA256 over the body, as <c>sha256={hex}</c> in <c>X-Hub-Signature-256</c>. A delivery has
/// no time, so a repeated one is known by its id only. Source: GitHub's documentation "Validating webhook deliveries".</summary>
public sealed class GitHubSignature(string secret) : IEventSignature
{
    private const string Header = "X-Hub-Signature-256";

    private const string DeliveryHeader = "X-GitHub-Delivery";

    private const string Prefix = "sha256=";

    private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);

    public bool MayBeSigned(EventHeaders headers, DateTimeOffset now) => Read(headers) is not null;

    public SignedEvent? Verify(EventHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        Read(headers) is { } shown && SignatureBytes.AreSame(SignatureBytes.Mac(_key, "", body), shown)
            ? new SignedEvent(headers.One(DeliveryHeader)) : null;

    private static byte[]? Read(EventHeaders headers) =>
        headers.One(Header) is { } text && text.StartsWith(Prefix, StringComparison.Ordinal)
            ? SignatureBytes.FromHex(text.AsSpan(Prefix.Length), SHA256.HashSizeInBytes) : null;
}
