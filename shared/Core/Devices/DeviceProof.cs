using System.Globalization;
using System.Text;
using OpenClaw.Security;

namespace OpenClaw.Devices;

/// <summary>What a device sends to prove that it has its private key: a signature over the facts of its connect request and the nonce of
/// this connection. Source: control-plane protocol 4 of OpenClaw, versions 2 and 3 of the signed text.</summary>
public sealed record DeviceProof(string DeviceId, string PublicKey, string Signature, long SignedAt, string Nonce)
{
    /// <summary>How far the device's clock may be from ours.</summary>
    public static readonly TimeSpan MaxSkew = TimeSpan.FromSeconds(120);

    /// <summary>Finds what is wrong. The checks are in this order: id, time, nonce, signature.</summary>
    /// <param name="signed">What the device claims to have signed.</param>
    /// <param name="nonce">Of this connection.</param>
    /// <returns>Null when the proof holds.</returns>
    public DeviceFault? Check(DeviceClaims signed, string nonce, DateTimeOffset now)
    {
        if (!DeviceIdentity.TryRead(DeviceId, PublicKey, out var key))
        {
            return DeviceFault.ForeignId;
        }

        if (Math.Abs((decimal)SignedAt - now.ToUnixTimeMilliseconds()) > (decimal)MaxSkew.TotalMilliseconds)
        {
            return DeviceFault.Expired;
        }

        if (string.IsNullOrWhiteSpace(Nonce))
        {
            return DeviceFault.NonceMissing;
        }

        if (Nonce != nonce)
        {
            return DeviceFault.OtherNonce;
        }

        var signature = DeviceIdentity.TryDecode(Signature);
        return signature is not null && (IsSigned(TextV3(signed), key, signature) || IsSigned(TextV2(signed), key, signature))
            ? null
            : DeviceFault.InvalidSignature;
    }

    /// <summary>The text of version 2.</summary>
    internal string TextV2(DeviceClaims signed) => "v2|" + Common(signed);

    /// <summary>The text of version 3, which adds the platform and the family of the device.</summary>
    internal string TextV3(DeviceClaims signed) => $"v3|{Common(signed)}|{Fold(signed.Platform)}|{Fold(signed.DeviceFamily)}";

    private string Common(DeviceClaims signed) => string.Join(
        '|', DeviceId, signed.ClientId, signed.ClientMode, signed.Role, string.Join(',', signed.Scopes),
        SignedAt.ToString(CultureInfo.InvariantCulture), signed.Token, Nonce);

    private static bool IsSigned(string text, byte[] key, byte[] signature) =>
        Ed25519.IsSigned(key, Encoding.UTF8.GetBytes(text), signature);

    /// <summary>Trimmed, and A to Z in lower case; other letters stay as they are.</summary>
    private static string Fold(string? text) =>
        string.Create((text ?? "").Trim().Length, (text ?? "").Trim(), static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = char.IsAsciiLetterUpper(source[i]) ? (char)(source[i] | 0x20) : source[i];
            }
        });
}

/// <summary>The facts of a connect request that its signature covers.</summary>
/// <param name="Scopes">In the order of the request.</param>
/// <param name="Token">The token or device token that the request carries; empty when it has neither. A password is not signed.</param>
public sealed record DeviceClaims(
    string ClientId, string ClientMode, string Role, IReadOnlyList<string> Scopes, string Token, string? Platform, string? DeviceFamily);

/// <summary>Why a proof does not hold.</summary>
public enum DeviceFault
{
    /// <summary>The id is not the hash of the key, or the key is malformed.</summary>
    ForeignId,

    /// <summary>Signed too long ago, or in the future.</summary>
    Expired,
    NonceMissing,

    /// <summary>The nonce of another connection.</summary>
    OtherNonce,
    InvalidSignature,
}
