using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using OpenClaw.Text;

namespace OpenClaw.Security;

/// <summary>A configured secret, kept as its SHA-256 so that every comparison is of 32 bytes and takes the same time.</summary>
public sealed class Secret
{
    private readonly byte[] _hash;

    public Secret(string value) => _hash = SHA256.HashData(Encoding.UTF8.GetBytes(value));

    /// <param name="hash">As <see cref="Hash"/> gave it.</param>
    internal Secret(byte[] hash) => _hash = hash;

    /// <summary>SHA-256, for storage.</summary>
    internal ReadOnlySpan<byte> Hash => _hash;

    /// <summary>The secret of a text that <see cref="ToStored"/> gave.</summary>
    public static Secret OfStored(string text) => new(Convert.FromBase64String(text));

    /// <summary>Its hash, for storage.</summary>
    public string ToStored() => Convert.ToBase64String(_hash);

    /// <summary>The secret of a configured value; null when there is none. Blank counts as none.</summary>
    public static Secret? From(string? value) => string.IsNullOrWhiteSpace(value) ? null : new Secret(value);

    /// <summary>The key of a row about a caller: base32 of SHA-256 over the length-prefixed parts, so that storage shows neither
    /// addresses nor names.</summary>
    public static string HashName(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Base32.Encode(hash.GetHashAndReset());
    }

    /// <summary>Whether both are the same secret.</summary>
    internal bool IsSame(Secret other) => CryptographicOperations.FixedTimeEquals(_hash, other._hash);

    /// <summary>Compares digests, never lengths or prefixes.</summary>
    public bool Matches(ReadOnlySpan<char> candidate)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(candidate.Length)];
        var written = Encoding.UTF8.GetBytes(candidate, bytes);
        SHA256.HashData(bytes.AsSpan(0, written), hash);
        return CryptographicOperations.FixedTimeEquals(hash, _hash);
    }
}
