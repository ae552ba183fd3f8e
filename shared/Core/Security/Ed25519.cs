using NSec.Cryptography;

namespace OpenClaw.Security;

/// <summary>Checks Ed25519 signatures (RFC 8032), which the class library has no type for.</summary>
public static class Ed25519
{
    /// <summary>Bytes of a raw public key.</summary>
    public const int PublicKeyLength = 32;

    /// <summary>Bytes of a signature.</summary>
    public const int SignatureLength = 64;

    /// <summary>Whether the holder of the key signed the message. False also for a key or signature of another length, and for a key that
    /// is no point of the curve.</summary>
    public static bool IsSigned(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        publicKey.Length == PublicKeyLength && signature.Length == SignatureLength
        && PublicKey.TryImport(SignatureAlgorithm.Ed25519, publicKey, KeyBlobFormat.RawPublicKey, out var key)
        && SignatureAlgorithm.Ed25519.Verify(key!, message, signature);
}
