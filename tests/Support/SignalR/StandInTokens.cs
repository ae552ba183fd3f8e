using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.Tests.Support.SignalR;

/// <summary>Tokens under the stand-in's access key, checked and made without the code under test.</summary>
public static class StandInTokens
{
    public const string UserClaim = "asrs.s.uid";

    /// <returns>The claims; null when the signature, the audience or the time is wrong.</returns>
    public static IReadOnlyDictionary<string, JsonElement>? Read(string token, string audience)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            return null;
        }

        var expected = Sign($"{parts[0]}.{parts[1]}");
        if (expected != parts[2] || JsonElement.Parse(Base64Url.DecodeFromChars(parts[0])).GetProperty("alg").GetString() != "HS256")
        {
            return null;
        }

        var claims = JsonElement.Parse(Base64Url.DecodeFromChars(parts[1])).EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        return claims["aud"].GetString() == audience && claims["exp"].GetInt64() > now && claims["nbf"].GetInt64() <= now ? claims : null;
    }

    public static string CreateClientToken(string url, string user, TimeSpan lifetime) => Create(new JsonObject
    {
        ["aud"] = $"{url}/client/?hub=openclaw",
        ["nbf"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60,
        ["exp"] = (DateTimeOffset.UtcNow + lifetime).ToUnixTimeSeconds(),
        [UserClaim] = user,
    });

    public static string Create(JsonObject claims)
    {
        var signed = $"{Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8)}."
            + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()));
        return $"{signed}.{Sign(signed)}";
    }

    public static ClaimsPrincipal ToUser(IReadOnlyDictionary<string, JsonElement> claims) => new(new ClaimsIdentity(
        claims.SelectMany(c => c.Value.ValueKind == JsonValueKind.Array
            ? c.Value.EnumerateArray().Select(v => new Claim(c.Key, v.ToString())) : [new Claim(c.Key, c.Value.ToString())]),
        "token"));

    private static string Sign(string text) => Base64Url.EncodeToString(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(SignalRStandIn.AccessKey), Encoding.UTF8.GetBytes(text)));
}
