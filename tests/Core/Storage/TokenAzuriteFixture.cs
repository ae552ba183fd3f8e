using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Azure.Core;
using OpenClaw.Functions.Cli.Dev;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Storage;

/// <summary>An emulator of its own that is reached over TLS with access tokens.</summary>
public sealed class TokenAzuriteFixture : AzuriteFixture
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openclaw-tls-");

    /// <summary>What the emulator shows.</summary>
    public AzuriteTls Tls { get; private set; } = null!;

    /// <summary>Gives tokens that the emulator takes: of the right issuer, audience and time.</summary>
    public static TokenCredential Credential { get; } = DelegatedTokenCredential.Create((context, _) =>
    {
        Assert.Equal(["https://storage.azure.com/.default"], context.Scopes);
        var now = DateTimeOffset.UtcNow;
        var claims = $$"""{"aud":"https://storage.azure.com","iss":"https://sts.windows.net/tenant/","nbf":{{now.AddMinutes(-5).ToUnixTimeSeconds()}},"iat":{{now.AddMinutes(-5).ToUnixTimeSeconds()}},"exp":{{now.AddHours(1).ToUnixTimeSeconds()}}}""";
        return new AccessToken($"{Encode("""{"alg":"RS256","typ":"JWT"}""")}.{Encode(claims)}.c2ln", now.AddHours(1));
    });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    protected override async Task<AzuriteProcess> StartAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Tls = new(Path.Combine(_folder.FullName, "cert.pem"), Path.Combine(_folder.FullName, "key.pem"));
        await File.WriteAllTextAsync(Tls.CertificateFile, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Tls.KeyFile, key.ExportPkcs8PrivateKeyPem());
        return await AzuriteProcess.StartAsync(dataFolder: null, progress: null, CancellationToken.None, Tls);
    }

    protected override StorageAccount Connect(string connectionString)
    {
        using var signed = StorageAccount.Parse(connectionString);
        return StorageAccount.WithIdentity(signed.Endpoints, Credential, Tls.CreateConnections());
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}

[CollectionDefinition(Name)]
public sealed class TokenAzurite : ICollectionFixture<TokenAzuriteFixture>
{
    public const string Name = "Storage with access tokens";
}

/// <summary>The storage contracts again, with access tokens in place of a key.</summary>
[Collection(TokenAzurite.Name)]
public sealed class BlobContainerWithTokensTests(TokenAzuriteFixture azurite) : BlobContainerTests(azurite);

[Collection(TokenAzurite.Name)]
public sealed class StorageQueueWithTokensTests(TokenAzuriteFixture azurite) : StorageQueueTests(azurite);

[Collection(TokenAzurite.Name)]
public sealed class TableBatchWithTokensTests(TokenAzuriteFixture azurite) : TableBatchTests(azurite);

[Collection(TokenAzurite.Name)]
public sealed class StorageTableWithTokensTests(TokenAzuriteFixture azurite) : StorageTableTests(azurite);

[Collection(TokenAzurite.Name)]
public sealed class TableQueryWithTokensTests(TokenAzuriteFixture azurite) : TableQueryTests(azurite);
