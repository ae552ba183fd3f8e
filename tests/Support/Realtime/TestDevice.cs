using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace OpenClaw.Tests.Support.Realtime;

/// <summary>A device with its key, which proves itself as the original's clients do.</summary>
internal sealed class TestDevice : IDisposable
{
    private readonly Key _key;

    public TestDevice(byte[]? seed = null)
    {
        _key = Key.Import(SignatureAlgorithm.Ed25519, seed ?? RandomNumberGenerator.GetBytes(32), KeyBlobFormat.RawPrivateKey);
        var raw = _key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
        PublicKey = Base64Url.EncodeToString(raw);
        Id = Convert.ToHexStringLower(SHA256.HashData(raw));
    }

    public string Id { get; }

    public string PublicKey { get; }

    /// <summary>The <c>device</c> object of a connect request, which must be that of <see cref="ControlClient.ConnectParams"/>.</summary>
    /// <param name="token">The token or device token that the request carries.</param>
    /// <param name="change">Changes what is sent, after it was signed.</param>
    public string Prove(
        string nonce, DateTimeOffset at, string token = GatewayHost.Token, string scopes = "", string clientId = "gateway-client",
        string mode = "backend", int version = 3, Func<string, string>? change = null)
    {
        var signedAt = at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var text = $"v{version}|{Id}|{clientId}|{mode}|operator|{scopes}|{signedAt}|{token}|{nonce}" + (version == 3 ? "|linux|" : "");
        var signature = Base64Url.EncodeToString(SignatureAlgorithm.Ed25519.Sign(_key, Encoding.UTF8.GetBytes(text)));
        var json = $$"""{"id":"{{Id}}","publicKey":"{{PublicKey}}","signature":"{{signature}}","signedAt":{{signedAt}},"nonce":"{{nonce}}"}""";
        return change?.Invoke(json) ?? json;
    }

    public void Dispose() => _key.Dispose();
}
