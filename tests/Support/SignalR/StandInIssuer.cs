using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Tests.Support.SignalR;

/// <summary>A stand-in for Microsoft Entra ID: publishes its keys, and makes tokens of managed identities.</summary>
public sealed class StandInIssuer : IAsyncDisposable
{
    public const string Audience = "api://2f1d";

    public const string Identity = "0c7b3a52-9d0e-4f6a-8a51-1f2e3d4c5b6a";

    private readonly RSA _key = RSA.Create(2048);
    private readonly RSA _foreign = RSA.Create(2048);
    private readonly WebApplication _app;

    private StandInIssuer(WebApplication app) => _app = app;

    /// <summary>Also the issuer of its tokens.</summary>
    public string Url { get; private set; } = "";

    public static async Task<StandInIssuer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var issuer = new StandInIssuer(app);
        app.Run(issuer.AnswerAsync);
        await app.StartAsync();
        issuer.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return issuer;
    }

    /// <param name="kind">What is wrong with the token; null for a good one.</param>
    public string CreateToken(string? kind = null)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var header = new JsonObject { ["alg"] = kind == "unsigned" ? "none" : "RS256", ["typ"] = "JWT", ["kid"] = "k1" };
        var payload = new JsonObject
        {
            ["aud"] = kind == "audience" ? "api://other" : Audience,
            ["iss"] = kind == "issuer" ? "https://login.example.com/other" : Url,
            ["nbf"] = now - 7200,
            ["exp"] = kind == "expired" ? now - 3600 : now + 3600,
            ["oid"] = kind == "identity" ? Guid.NewGuid().ToString("D") : Identity,
        };
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString()))}."
            + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload.ToJsonString()));
        var signature = kind == "unsigned" ? [] : (kind == "key" ? _foreign : _key).SignData(
            Encoding.UTF8.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
        _foreign.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var parameters = _key.ExportParameters(includePrivateParameters: false);
        var answer = context.Request.Path.Value == "/keys"
            ? new JsonObject
            {
                ["keys"] = new JsonArray(new JsonObject
                {
                    ["kty"] = "RSA",
                    ["use"] = "sig",
                    ["kid"] = "k1",
                    ["n"] = Base64Url.EncodeToString(parameters.Modulus),
                    ["e"] = Base64Url.EncodeToString(parameters.Exponent),
                }),
            }
            : new JsonObject { ["issuer"] = Url, ["jwks_uri"] = Url + "/keys" };
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(answer.ToJsonString());
    }
}
