using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace OpenClaw.Outbound;

/// <summary>Connections that lead to public addresses only, unless their hosts are allowed: a name is resolved, judged and dialled in one
/// step, so that it cannot change its answer in between.</summary>
/// <param name="allowsPrivate">True for connections to hosts that the operator allows; they are pooled apart from the others.</param>
internal sealed class GuardedConnections(OutboundNetwork network, TimeProvider time, bool allowsPrivate = false)
{
    private const int MostAnswers = 32;

    private static readonly TimeSpan ResolveTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Of one address, so that another one gets its chance.</summary>
    private static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(2);

    public SocketsHttpHandler CreateHandler() => new()
    {
        ConnectCallback = ConnectAsync,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseProxy = false, // else the callback would see the proxy, not the target
        UseCookies = false,
        Credentials = null,
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = 0, // what is not wanted ends with its connection
        SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = CreateChainPolicy(),
        },
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        var addresses = await ResolveAsync(target.Host, cancellationToken);
        if (addresses is not { Length: > 0 and <= MostAnswers })
        {
            throw new RefusedException($"its name has {addresses?.Length ?? 0} addresses");
        }

        if (!allowsPrivate && Array.Find(addresses, address => !AddressRules.IsPublic(address)) is { } denied)
        {
            throw new RefusedException($"its name leads to {denied}");
        }

        Exception? failure = null;
        foreach (var address in addresses)
        {
            try
            {
                return await DialAsync(new IPEndPoint(address, target.Port), cancellationToken);
            }
            catch (Exception exception) when (
                exception is SocketException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                failure = exception;
            }
        }

        throw new IOException("No address of its name could be reached.", failure);
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ResolveTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await network.Resolve(host, both.Token).WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RefusedException("its name took too long to resolve");
        }
    }

    private async Task<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(DialTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var connection = await network.Connect(address, both.Token);
        if (allowsPrivate || (connection.Remote is { } remote && AddressRules.IsPublic(remote.Address)))
        {
            return connection.Stream;
        }

        await connection.Stream.DisposeAsync();
        throw new RefusedException("its connection led elsewhere");
    }

    /// <summary>A certificate names addresses of its own, of missing issuers and of revocation lists: none of them is asked for.</summary>
    private X509ChainPolicy CreateChainPolicy()
    {
        var policy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
        if (network.TrustedRoots is { } roots)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return policy;
    }
}
