using OpenClaw.Errors;
using OpenClaw.Security.Keys;

namespace OpenClaw.Security.Rights;

/// <summary>Named keys, loaded by their id.</summary>
internal sealed class ApiKeySource(ApiKeyCache keys, TimeProvider time) : ICallerSource
{
    public bool Knows(Caller caller) => caller.Device is null && ApiKey.IdOfSubject(caller.Subject) is not null;

    public async ValueTask<Caller> RenewAsync(Caller caller, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var key = await keys.FindAsync(ApiKey.IdOfSubject(caller.Subject)!, cancellationToken);
        if (key is null || (caller.Shown is { } shown && !key.Holds(shown, now)))
        {
            throw new GatewayException(ApiKey.Unknown());
        }

        key.CheckValid(now);
        return ReferenceEquals(key, caller.Key) ? caller
            : caller with { Key = key, Scopes = caller.Scopes.Within(key.Scopes) };
    }
}
