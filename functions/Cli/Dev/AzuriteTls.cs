using System.Security.Cryptography.X509Certificates;

namespace OpenClaw.Functions.Cli.Dev;

/// <summary>Has the emulator speak TLS and take access tokens too, whatever their signature.</summary>
/// <param name="CertificateFile">PEM, for 127.0.0.1.</param>
/// <param name="KeyFile">PEM.</param>
public sealed record AzuriteTls(string CertificateFile, string KeyFile)
{
    /// <summary>Connections that trust this one certificate and no other.</summary>
    public HttpMessageHandler CreateConnections()
    {
        var expected = X509CertificateLoader.LoadCertificateFromFile(CertificateFile).RawData;
        return new SocketsHttpHandler
        {
            UseProxy = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4), // the emulator hangs up after 5
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) =>
                shown?.GetRawCertData().AsSpan().SequenceEqual(expected) == true },
        };
    }
}
