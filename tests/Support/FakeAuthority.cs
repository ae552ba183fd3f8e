using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpenClaw.Tests.Support;

/// <summary>What is wrong with a server's TLS.</summary>
public enum FakeCertificate
{
    Good,
    Expired,
    OfAnotherHost,
    SelfSigned,

    /// <summary>Issued by an authority in between that the server does not send; the certificate says where it could be had.</summary>
    WithoutIssuer,

    /// <summary>Good, but the server speaks nothing newer than TLS 1.0.</summary>
    OldProtocol,
}

/// <summary>A certificate authority that only the tests trust.</summary>
public sealed class FakeAuthority : IDisposable
{
    private static readonly DateTimeOffset Past = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Future = new(2050, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentDictionary<string, (FakeCertificate Kind, string? IssuerAddress)> _kinds = new(
        StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, SslServerAuthenticationOptions> _options = new(StringComparer.OrdinalIgnoreCase);
    private readonly X509Certificate2 _between;

    public FakeAuthority()
    {
        Root = CreateAuthority("CN=OpenClaw test root", issuer: null);
        _between = CreateAuthority("CN=OpenClaw test issuer", Root);
    }

    public X509Certificate2 Root { get; }

    public void Certify(string host, FakeCertificate kind, string? issuerAddress) => _kinds[host] = (kind, issuerAddress);

    public SslServerAuthenticationOptions OptionsOf(string host) => _options.GetOrAdd(host, CreateOptions);

    public void Dispose()
    {
        Root.Dispose();
        _between.Dispose();
    }

    private SslServerAuthenticationOptions CreateOptions(string host)
    {
        var (kind, issuerAddress) = _kinds.GetValueOrDefault(host);
#pragma warning disable CA5397, SYSLIB0039 // an old protocol is the point
        var protocols = kind == FakeCertificate.OldProtocol ? SslProtocols.Tls : SslProtocols.None;
#pragma warning restore CA5397, SYSLIB0039
        return new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(CreateLeaf(host, kind, issuerAddress), null, offline: true),
            EnabledSslProtocols = protocols,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
        };
    }

    private X509Certificate2 CreateLeaf(string host, FakeCertificate kind, string? issuerAddress)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(kind == FakeCertificate.OfAnotherHost ? "another.example.com" : host);
        request.CertificateExtensions.Add(names.Build());
        if (issuerAddress is not null)
        {
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([], [issuerAddress]));
            request.CertificateExtensions.Add(RevocationList(issuerAddress));
        }

        var end = kind == FakeCertificate.Expired ? Past.AddDays(1) : Future.AddYears(-2);
        if (kind == FakeCertificate.SelfSigned)
        {
            return request.CreateSelfSigned(Past, end);
        }

        using var certificate = request.Create(
            kind == FakeCertificate.WithoutIssuer ? _between : Root, Past, end, RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>The extension "CRL distribution points" (RFC 5280, 4.2.1.13) with one address.</summary>
    private static X509Extension RevocationList(string address) =>
        CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([address]);

    private static X509Certificate2 CreateAuthority(string name, X509Certificate2? issuer)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        if (issuer is null)
        {
            return request.CreateSelfSigned(Past, Future);
        }

        using var certificate = request.Create(issuer, Past, Future.AddYears(-1), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
