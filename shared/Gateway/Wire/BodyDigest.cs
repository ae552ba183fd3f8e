using System.Buffers;
using System.Security.Cryptography;

namespace OpenClaw.Gateway.Wire;

/// <summary>A request feature: <see cref="JsonBody"/> notes the SHA-256 of the body that it reads.</summary>
public sealed class BodyDigest
{
    /// <summary>32 bytes; null until the body has been read.</summary>
    public byte[]? Hash { get; private set; }

    internal void Take(ReadOnlySequence<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var segment in body)
        {
            hash.AppendData(segment.Span);
        }

        Hash = hash.GetHashAndReset();
    }
}
