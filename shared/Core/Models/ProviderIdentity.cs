using Azure.Core;

namespace OpenClaw.Models;

/// <summary>Gets access tokens for a provider on Azure. The credential is created for the first token and caches tokens.</summary>
/// <param name="create">Creates the credential for a client id; null means the system-assigned identity.</param>
internal sealed class ProviderIdentity(string? clientId, Func<string?, TokenCredential> create)
{
    private static readonly TokenRequestContext Scope = new(["https://cognitiveservices.azure.com/.default"]);

    private readonly Lazy<TokenCredential> _credential = new(() => create(clientId));
    private volatile string _last = "";

    /// <summary>The last token returned, which no log may show; empty before the first.</summary>
    public string Last => _last;

    /// <exception cref="Azure.Identity.AuthenticationFailedException">The identity gives no token.</exception>
    public async ValueTask<string> GetTokenAsync(CancellationToken cancellationToken) =>
        _last = (await _credential.Value.GetTokenAsync(Scope, cancellationToken)).Token;
}
