using OpenClaw.Devices;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>The ways in which <c>connect</c> fails. Clients decide by the codes whether they ask for a token, use another one, or wait for
/// approval.</summary>
internal static class ConnectErrors
{
    public static RpcException ProtocolMismatch(ConnectParams asked) => new(
        new RpcError(RpcError.InvalidRequest, "protocol mismatch")
        {
            Details = new RpcErrorDetails
            {
                Code = "PROTOCOL_MISMATCH",
                ClientMinProtocol = asked.MinProtocol,
                ClientMaxProtocol = asked.MaxProtocol,
                ExpectedProtocol = ControlPolicy.Protocol,
                MinimumProbeProtocol = ControlPolicy.MinProbeProtocol,
            },
        })
    { Close = CloseCode.ProtocolMismatch, CloseReason = "protocol mismatch" };

    public static RpcException RoleUnsupported(string role) => Refuse(
        RpcError.InvalidRequest, $"invalid role: this gateway lets in clients of the role 'operator', not '{role}'", "ROLE_UNSUPPORTED");

    public static RpcException OriginNotAllowed(string? origin) => Refuse(
        RpcError.InvalidRequest,
        origin is null
            ? "origin not allowed: a page must send its origin"
            : $"origin not allowed: add '{origin}' to gateway.http.cors.origins, or open the page at the gateway's own address",
        "CONTROL_UI_ORIGIN_NOT_ALLOWED");

    public static RpcException IdentityRequired() => Refuse(
        RpcError.NotPaired, "device identity required", "DEVICE_IDENTITY_REQUIRED");

    public static RpcException DeviceRefused(DeviceFault fault)
    {
        var (code, reason, message) = fault switch
        {
            DeviceFault.ForeignId => (
            "DEVICE_AUTH_DEVICE_ID_MISMATCH", "device-id-mismatch", "the device id is not that of its public key"),
            DeviceFault.Expired => ("DEVICE_AUTH_SIGNATURE_EXPIRED", "device-signature-stale",
                "the device signature is more than two minutes old, or the device's clock is wrong"),
            DeviceFault.NonceMissing => ("DEVICE_AUTH_NONCE_REQUIRED", "device-nonce-missing", "the device signature has no nonce"),
            DeviceFault.OtherNonce => ("DEVICE_AUTH_NONCE_MISMATCH", "device-nonce-mismatch",
                "the device signature is for another connection"),
            _ => ("DEVICE_AUTH_SIGNATURE_INVALID", "device-signature", "the device signature is invalid"),
        };
        return Refuse(new RpcErrorDetails { Code = code, Reason = reason }, RpcError.InvalidRequest, "device auth: " + message);
    }

    /// <param name="hasDevice">Whether the client has proven a device; one that has could be paired.</param>
    public static RpcException CredentialMissing(AuthMode mode, bool hasDevice)
    {
        if (!hasDevice)
        {
            return IdentityRequired();
        }

        return mode == AuthMode.Password
            ? Unauthorized("AUTH_PASSWORD_MISSING", "password_missing", "gateway password missing (enter the password)",
                "update_auth_configuration")
            : Unauthorized("AUTH_TOKEN_MISSING", "token_missing",
                "gateway token missing (enter the token of gateway.auth.token, or OPENCLAW_GATEWAY_TOKEN)", "update_auth_configuration");
    }

    public static RpcException CredentialMismatch(AuthMode mode, bool hasDeviceToken) => mode == AuthMode.Password
        ? Unauthorized("AUTH_PASSWORD_MISMATCH", "password_mismatch", "gateway password mismatch (enter the password of this gateway)",
            "update_auth_credentials", hasDeviceToken)
        : Unauthorized("AUTH_TOKEN_MISMATCH", "token_mismatch",
            "gateway token mismatch (use the token of this gateway's gateway.auth.token, or pair the device)", "update_auth_credentials",
            hasDeviceToken);

    public static RpcException DeviceTokenMismatch() => Unauthorized(
        "AUTH_DEVICE_TOKEN_MISMATCH", "device_token_mismatch",
        "device token mismatch (it was revoked or replaced; connect with the gateway's token again)", "update_auth_credentials");

    public static RpcException ScopeMismatch() => Unauthorized(
        "AUTH_SCOPE_MISMATCH", "scope_mismatch", "the credential does not grant the requested scopes", "review_auth_configuration");

    public static RpcException RateLimited(TimeSpan wait) => new(
        new RpcError(RpcError.InvalidRequest, "unauthorized: too many failed authentication attempts (retry later)")
        {
            Details = new RpcErrorDetails
            {
                Code = "AUTH_RATE_LIMITED",
                AuthReason = "rate_limited",
                RecommendedNextStep = "wait_then_retry",
            },
            Retryable = true,
            RetryAfterMs = (long)wait.TotalMilliseconds,
        })
    { Close = CloseCode.Policy, CloseReason = "unauthorized" };

    /// <param name="known">The device as it is paired; null when it is not.</param>
    /// <param name="reason"><c>not-paired</c>, <c>scope-upgrade</c> or <c>role-upgrade</c>.</param>
    public static RpcException PairingRequired(PairingRequest request, Device? known, string reason) => Refuse(
        new RpcErrorDetails
        {
            Code = "PAIRING_REQUIRED",
            Reason = reason,
            RequestId = request.RequestId,
            DeviceId = request.Facts.Identity.Id,
            RequestedRole = Device.OperatorRole,
            RequestedScopes = Scopes.ListNames(request.Scopes),
            ApprovedRoles = known is null ? null : [Device.OperatorRole],
            ApprovedScopes = known is null ? null : Scopes.ListNames(known.Scopes),
            RemediationHint = "Approve the request on another client (devices approve), or with the gateway's secret: "
                + $"POST /api/v1/devices/{request.RequestId}/approve",
            RecommendedNextStep = "wait_then_retry",
        },
        RpcError.NotPaired,
        $"pairing required: {(reason == "not-paired" ? "device is not approved yet" : "device asks for more access than it has")} "
            + $"(requestId: {request.RequestId})");

    /// <summary>Of a client that was let in: its key was revoked, its device lost its tokens or the gateway's secret was
    /// replaced.</summary>
    public static RpcError CredentialEnded() => new(RpcError.InvalidRequest, "unauthorized: the credential of this connection has ended")
    {
        Details = new RpcErrorDetails { Code = "AUTH_CREDENTIAL_ENDED", RecommendedNextStep = "update_auth_credentials" },
    };

    /// <summary>A failure of authentication that has no code of its own.</summary>
    public static RpcException Of(GatewayError error) => new(RpcError.Of(error))
    {
        Close = CloseCode.Policy,
        CloseReason = "connect failed",
    };

    private static RpcException Unauthorized(
        string code, string reason, string message, string nextStep, bool canRetryWithDeviceToken = false) => Refuse(
        new RpcErrorDetails
        {
            Code = code,
            AuthReason = reason,
            CanRetryWithDeviceToken = canRetryWithDeviceToken,
            RecommendedNextStep = nextStep,
        },
        RpcError.InvalidRequest,
        "unauthorized: " + message);

    private static RpcException Refuse(string code, string message, string detail) =>
        Refuse(new RpcErrorDetails { Code = detail }, code, message);

    private static RpcException Refuse(RpcErrorDetails details, string code, string message) =>
        new(new RpcError(code, message) { Details = details }) { Close = CloseCode.Policy, CloseReason = message };
}
