using System.Buffers.Text;
using OpenClaw.Security;
using OpenClaw.Text;

namespace OpenClaw.Devices;

/// <summary>The form of a device token: <c>oc_device_&lt;id&gt;_&lt;secret&gt;</c>. The id is the device's in base64url (43 characters), so
/// that any instance finds the device by the token alone; the secret has 24 base62 characters, 142 random bits.</summary>
public static class DeviceTokenText
{
    private const string Prefix = "oc_device_";
    private const int IdLength = 43;
    private const int SecretLength = 24;

    public static string New(string deviceId) =>
        RandomId.Create($"{Prefix}{Base64Url.EncodeToString(Convert.FromHexString(deviceId))}_");

    /// <summary>Whether a credential claims to be a device token, well formed or not.</summary>
    public static bool IsClaimed(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The id of the device in a token's text; null when it cannot be a token.</summary>
    public static string? DeviceOf(string text) =>
        text.Length == Prefix.Length + IdLength + 1 + SecretLength && IsClaimed(text) && text[Prefix.Length + IdLength] == '_'
        && DeviceIdentity.TryDecode(text.Substring(Prefix.Length, IdLength)) is { Length: Ed25519.PublicKeyLength } id
            ? Convert.ToHexStringLower(id)
            : null;
}
