using OpenClaw.Errors;

namespace OpenClaw.Security.Rights;

/// <summary>The operator: holds the gateway's secret, or calls a gateway in mode <c>none</c>. Work that the operator left behind is not
/// bound to the secret that was shown then.</summary>
internal sealed class OperatorSource(CurrentAuth auth) : ICallerSource
{
    public bool Knows(Caller caller) => caller.IsOperator && caller.Device is null;

    public ValueTask<Caller> RenewAsync(Caller caller, CancellationToken cancellationToken)
    {
        var settings = auth.Settings;
        var holds = caller.IsIdentity ? settings.Mode == AuthMode.None : caller.Shown is null || settings.IsCurrent(caller.Shown);
        return holds ? ValueTask.FromResult(caller)
            : throw new GatewayException(GatewayError.Unauthorized("The gateway's credentials have been replaced."));
    }
}
