using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using OpenClaw.Security;

namespace OpenClaw.Devices;

/// <summary>A device is its Ed25519 key: the id is the SHA-256 of the 32 raw bytes of the public key, in lower-case hex.</summary>
/// <param name="Id">64 hex digits.</param>
/// <param name="PublicKey">32 raw bytes in base64url, without padding.</param>
public sealed record DeviceIdentity(string Id, string PublicKey)
{
    private const int IdLength = 64;

    /// <summary>Whether a text has the form of an id.</summary>
    public static bool IsId(string text) =>
        text.Length == IdLength && !text.AsSpan().ContainsAnyExcept(System.Buffers.SearchValues.Create("0123456789abcdef"));

    /// <summary>The id of a raw public key.</summary>
    public static string IdOf(ReadOnlySpan<byte> publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey));

    /// <summary>Reads a key and checks that the id is its hash.</summary>
    /// <param name="key">The raw bytes.</param>
    public static bool TryRead(string id, string publicKey, [NotNullWhen(true)] out byte[]? key)
    {
        key = TryDecode(publicKey);
        if (key is { Length: Ed25519.PublicKeyLength } && id == IdOf(key))
        {
            return true;
        }

        key = null;
        return false;
    }

    /// <summary>The bytes of base64url text, with or without padding; null when it is none.</summary>
    internal static byte[]? TryDecode(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
