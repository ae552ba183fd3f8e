using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Security;
using OpenClaw.Security.Rights;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>What a client proved when it negotiated: enough to look up its rights whenever it uses them.</summary>
/// <param name="Shown">Hash of the secret that it showed; null when it showed none.</param>
/// <param name="IsAmbient">Whether only a proxy's word, or no credential, stands behind it.</param>
internal sealed record RealtimeGrant(Caller Caller, string? Shown, bool IsAmbient)
{
    public static RealtimeGrant Of(Caller caller) => new(caller, caller.Shown?.ToStored(), caller.IsAmbient);
}

/// <summary>The rights of negotiated clients at the moment they are used: a key that was revoked, a device that lost its tokens and a
/// secret that was replaced let no one in any more.</summary>
internal sealed class RealtimeRights(CallerRights rights, Authenticator authenticator)
{
    /// <summary>How callers prove themselves now.</summary>
    public AuthMode Mode => authenticator.Mode;

    /// <returns>The caller with what is left of its rights; null when there is nothing left.</returns>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async ValueTask<Caller?> FindAsync(RealtimeGrant grant, CancellationToken cancellationToken)
    {
        var caller = grant.Shown is { } shown ? grant.Caller with { Shown = Secret.OfStored(shown) } : grant.Caller;
        try
        {
            return await rights.RequireAsync(caller, Scope.None, agent: null, cancellationToken);
        }
        catch (GatewayException ended) when (ended.Error.Status is 401 or 403)
        {
            return null;
        }
    }
}
