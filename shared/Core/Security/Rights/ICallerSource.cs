using OpenClaw.Errors;

namespace OpenClaw.Security.Rights;

/// <summary>One kind of credential: says what its callers may do now. There is one class for each kind, and <see cref="CallerRights"/>
/// asks the one that knows the caller.</summary>
internal interface ICallerSource
{
    /// <summary>Whether callers of this subject have this kind of credential.</summary>
    bool Knows(Caller caller);

    /// <summary>The caller with the rights of now, never more than it had before.</summary>
    /// <exception cref="GatewayException"><c>401 invalid_api_key</c>, <c>403 forbidden</c>: the credential holds no longer. <c>503
    /// storage_unavailable</c>: nothing is known about it.</exception>
    ValueTask<Caller> RenewAsync(Caller caller, CancellationToken cancellationToken);
}
