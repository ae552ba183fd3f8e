using Azure.Core;

namespace OpenClaw.Models;

/// <summary>Gets the access tokens of a provider on Azure. The credential comes into being with the first of them, and caches them.</summary>
/// <param name="create">Makes the credential of a client id; null means the system-assigned identity.</param>
internal sealed class ProviderIdentity(string? clientId, Func<string?, TokenCredential> create)
{
    private static readonly TokenRequestContext Scope = new(["https://cognitiveservices.azure.com/.default"]);

    private readonly Lazy<TokenCredential> _credential = new(() => create(clientId));
    private volatile string _last = "";

    /// <summary>The token given out last, which no log may show; empty before the first.</summary>
    public string Last => _last;

    /// <exception cref="Azure.Identity.AuthenticationFailedException">The identity gives none.</exception>
    public async ValueTask<string> GetTokenAsync(CancellationToken cancellationToken) =>
        _last = (await _credential.Value.GetTokenAsync(Scope, cancellationToken)).Token;
}
