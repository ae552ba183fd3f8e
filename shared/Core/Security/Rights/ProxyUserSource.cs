using OpenClaw.Errors;

namespace OpenClaw.Security.Rights;

/// <summary>Users of a trusted proxy: their rights are in the configuration.</summary>
internal sealed class ProxyUserSource(CurrentAuth auth) : ICallerSource
{
    public bool Knows(Caller caller) => caller.Device is null && ProxyUsers.NameOf(caller.Subject) is not null;

    public ValueTask<Caller> RenewAsync(Caller caller, CancellationToken cancellationToken)
    {
        var settings = auth.Settings;
        if (settings.Mode != AuthMode.TrustedProxy)
        {
            throw new GatewayException(GatewayError.Unauthorized("The gateway takes no users of a proxy any more."));
        }

        var granted = ProxyUsers.GrantedTo(ProxyUsers.NameOf(caller.Subject)!, settings.Proxy);
        return ValueTask.FromResult(
            granted.Covers(caller.Scopes) ? caller : caller with { Scopes = caller.Scopes.Within(granted) });
    }
}
