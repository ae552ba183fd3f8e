using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OpenClaw.Security.Signatures;

/// <summary>What the signatures have in common: HMAC-SHA256, and times in Unix seconds.</summary>
internal static class SignatureBytes
{
    /// <summary>How far the time of a request may be from ours.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300);

    /// <summary>HMAC-SHA256 over the text, followed by the body.</summary>
    public static byte[] Mac(ReadOnlySpan<byte> key, string text, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    /// <summary>Compares in a time that does not depend on the bytes.</summary>
    public static bool AreSame(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> shown) =>
        CryptographicOperations.FixedTimeEquals(expected, shown);

    /// <summary>The bytes of a lower-case hexadecimal text; null when it is none of that length.</summary>
    public static byte[]? FromHex(ReadOnlySpan<char> text, int length)
    {
        var bytes = new byte[length];
        return text.Length == 2 * length && !text.ContainsAnyInRange('A', 'F')
            && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done ? bytes : null;
    }

    /// <summary>Whether a text is a time in Unix seconds near ours.</summary>
    public static bool IsNear(ReadOnlySpan<char> seconds, DateTimeOffset now) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
        && Math.Abs((double)time - now.ToUnixTimeSeconds()) <= Tolerance.TotalSeconds;
}
