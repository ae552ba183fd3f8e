using OpenClaw.Configuration;
using OpenClaw.Devices;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>Decides about <c>connect</c>:
/// <code>
/// protocol ─► role ─► origin ─► device proof ─► credential ─► scopes ─► pairing ─► token for the device
/// </code>
/// The gateway's secret is the whole operator here as it is over HTTP. A device that presents it is paired at once, unless
/// <c>gateway.auth.pairing</c> demands approval.</summary>
internal sealed class ConnectHandshake(
    DeviceStore devices, DevicePairing pairing, DeviceCache cache, DeviceChanges changes, GatewayConfigStore config, TimeProvider time)
{
    /// <exception cref="RpcException">It is refused; the connection is closed.</exception>
    public async Task<Admission> AdmitAsync(ConnectParams asked, ConnectPeer peer, CancellationToken cancellationToken)
    {
        if (asked.MinProtocol > ControlPolicy.Protocol || asked.MaxProtocol < ControlPolicy.Protocol)
        {
            throw ConnectErrors.ProtocolMismatch(asked);
        }

        if (asked.Role is { } role && role != Device.OperatorRole)
        {
            throw ConnectErrors.RoleUnsupported(role);
        }

        if (peer.Origin is null ? asked.Client.Id == "openclaw-control-ui" : !peer.IsOriginAllowed)
        {
            throw ConnectErrors.OriginNotAllowed(peer.Origin);
        }

        var facts = CheckDevice(asked, peer.Nonce);
        try
        {
            return await AdmitAsync(asked, peer, facts, cancellationToken);
        }
        catch (GatewayException failure)
        {
            throw ConnectErrors.Of(failure.Error);
        }
    }

    private async Task<Admission> AdmitAsync(
        ConnectParams asked, ConnectPeer peer, DeviceFacts? facts, CancellationToken cancellationToken)
    {
        if (DeviceTokenOf(asked, peer) is { } deviceToken)
        {
            return await ByDeviceTokenAsync(asked, peer, facts, deviceToken, cancellationToken);
        }

        var credential = CredentialOf(asked, peer);
        if (credential is null && peer.Mode is AuthMode.Token or AuthMode.Password)
        {
            return await PickUpAsync(asked, facts, cancellationToken)
                ?? throw ConnectErrors.CredentialMissing(peer.Mode, facts is not null);
        }

        var caller = await AuthenticateAsync(peer, credential, isDevice: false, cancellationToken);
        var scopes = ScopesOf(asked, caller.Scopes);
        var admission = new Admission(caller with { Scopes = scopes }, MethodOf(peer.Mode, credential, caller));
        if (facts is null || caller.Key is not null)
        {
            return admission;
        }

        var isApproved = await PairAsync(caller, facts, scopes, peer, cancellationToken);
        if (!isApproved)
        {
            return admission; // nothing to pair: a proxy vouches for the user, or the gateway is open
        }

        var (device, token) = await devices.IssueTokenAsync(facts.Identity.Id, cancellationToken);
        return admission with
        {
            DeviceToken = token,
            IssuedAt = device.Tokens[0].CreatedAt,
            DeviceId = device.Id,
            Generation = device.Generation,
        };
    }

    /// <summary>A device that comes with its own token. The token is bound to the key.</summary>
    private async Task<Admission> ByDeviceTokenAsync(
        ConnectParams asked, ConnectPeer peer, DeviceFacts? facts, string token, CancellationToken cancellationToken)
    {
        if (facts is null)
        {
            throw ConnectErrors.IdentityRequired();
        }

        if (DeviceTokenText.DeviceOf(token) != facts.Identity.Id)
        {
            throw ConnectErrors.DeviceTokenMismatch();
        }

        var caller = await AuthenticateAsync(peer, token, isDevice: true, cancellationToken);
        var scopes = ScopesOf(asked, caller.Scopes);
        var device = await cache.FindAsync(facts.Identity.Id, cancellationToken);
        return new Admission(caller with { Scopes = scopes }, "device-token")
        {
            DeviceToken = token,
            DeviceId = facts.Identity.Id,
            Generation = device?.Generation ?? -1,
        };
    }

    /// <summary>A device without any credential: if a person has approved it, it gets its token now, once. Its key proves it. Another one
    /// asks for approval, unless it is a page, whose user can enter the secret.</summary>
    /// <returns>Null when it has to send a credential.</returns>
    private async Task<Admission?> PickUpAsync(ConnectParams asked, DeviceFacts? facts, CancellationToken cancellationToken)
    {
        if (facts is null || asked.Client.IsPage() || asked.Client.Mode == "probe")
        {
            return null;
        }

        var known = await devices.FindAsync(facts.Identity.Id, cancellationToken);
        if (known is { AwaitsToken: true, ApprovedVia: "owner" })
        {
            var scopes = ScopesOf(asked, known.Scopes);
            var (device, token) = await devices.IssueTokenAsync(known.Id, cancellationToken);
            var caller = new Caller(device.Owner, scopes, IsIdentity: true, IsOwner: false) { Device = device.Id };
            return new Admission(caller, "device-token")
            {
                DeviceToken = token,
                IssuedAt = device.Tokens[0].CreatedAt,
                DeviceId = device.Id,
                Generation = device.Generation,
            };
        }

        if (known is { Tokens.Count: > 0 })
        {
            return null; // it has a token and should send it
        }

        throw await RequestAsync(facts, AskedScopes(asked) ?? Scope.Default, known, null, cancellationToken);
    }

    /// <returns>Whether the device is paired now.</returns>
    private async Task<bool> PairAsync(
        Caller caller, DeviceFacts facts, Scope scopes, ConnectPeer peer, CancellationToken cancellationToken)
    {
        var known = await devices.FindAsync(facts.Identity.Id, cancellationToken);
        var isApproved = known is not null && known.Owner == caller.Subject && known.Scopes.Covers(scopes)
            && (known.AwaitsToken || known.Tokens.Count > 0);
        if (isApproved)
        {
            return true;
        }

        if (config.Current.Gateway.Auth.Pairing == "required")
        {
            throw await RequestAsync(facts, scopes, known, peer.RemoteAddress, cancellationToken);
        }

        if (caller.IsIdentity)
        {
            return false;
        }

        await devices.ApproveAsync(facts, scopes, caller.Subject, "secret", cancellationToken);
        await pairing.ForgetAsync(facts.Identity.Id, cancellationToken);
        return true;
    }

    private async Task<RpcException> RequestAsync(
        DeviceFacts facts, Scope scopes, Device? known, string? remoteAddress, CancellationToken cancellationToken)
    {
        var (request, isNew) = await pairing.RequestAsync(facts, scopes, remoteAddress, known is not null, cancellationToken);
        if (isNew)
        {
            changes.Request(request);
        }

        return ConnectErrors.PairingRequired(
            request, known, known is null ? "not-paired" : known.Tokens.Count == 0 ? "role-upgrade" : "scope-upgrade");
    }

    private static async ValueTask<Caller> AuthenticateAsync(
        ConnectPeer peer, string? credential, bool isDevice, CancellationToken cancellationToken)
    {
        try
        {
            return await peer.AuthenticateAsync(credential, cancellationToken);
        }
        catch (GatewayException failure) when (failure.Error is { Code: ErrorCode.AuthRateLimited, RetryAfter: { } wait })
        {
            throw ConnectErrors.RateLimited(wait);
        }
        catch (GatewayException failure) when (failure.Error.Status == 401 && credential is not null)
        {
            throw isDevice ? ConnectErrors.DeviceTokenMismatch() : ConnectErrors.CredentialMismatch(peer.Mode, hasDeviceToken: false);
        }
    }

    private DeviceFacts? CheckDevice(ConnectParams asked, string nonce)
    {
        if (asked.Device is not { } device)
        {
            return null;
        }

        var (client, auth) = (asked.Client, asked.Auth);
        var proof = new DeviceProof(device.Id, device.PublicKey, device.Signature, device.SignedAt, device.Nonce);
        var signed = new DeviceClaims(
            client.Id, client.Mode, asked.Role ?? Device.OperatorRole, asked.Scopes ?? [],
            auth?.Token is { Length: > 0 } token ? token : auth?.DeviceToken ?? "", client.Platform, client.DeviceFamily);
        return proof.Check(signed, nonce, time.GetUtcNow()) is { } fault
            ? throw ConnectErrors.DeviceRefused(fault)
            : new DeviceFacts(
                new DeviceIdentity(device.Id, device.PublicKey), client.DisplayName, client.Platform, client.DeviceFamily, client.Id,
                client.Mode);
    }

    /// <summary>The device token of the request: in its own field, or where the gateway's secret stands otherwise. The secret is tried
    /// first when both are there.</summary>
    private static string? DeviceTokenOf(ConnectParams asked, ConnectPeer peer) => asked.Auth switch
    {
        { Token: { Length: > 0 } token } => DeviceTokenText.IsClaimed(token) ? token : null,
        { Password.Length: > 0 } => null,
        { DeviceToken: { Length: > 0 } token } => token,
        _ => peer.Credential is { } shown && DeviceTokenText.IsClaimed(shown) ? shown : null,
    };

    /// <summary>Pages send what the user typed as token and as password.</summary>
    private static string? CredentialOf(ConnectParams asked, ConnectPeer peer)
    {
        var auth = asked.Auth;
        var typed = peer.Mode == AuthMode.Password ? First(auth?.Password, auth?.Token) : First(auth?.Token, auth?.Password);
        return typed ?? peer.Credential;

        static string? First(string? a, string? b) => a is { Length: > 0 } ? a : b is { Length: > 0 } ? b : null;
    }

    private static string MethodOf(AuthMode mode, string? credential, Caller caller) =>
        caller.Key is not null ? "token"
        : mode switch
        {
            AuthMode.Password => "password",
            AuthMode.TrustedProxy when credential is null || caller.IsIdentity => "trusted-proxy",
            AuthMode.TrustedProxy => "password",
            AuthMode.None => "none",
            _ => "token",
        };

    /// <summary>What the request asks for; all that was granted when it names nothing.</summary>
    private static Scope ScopesOf(ConnectParams asked, Scope granted) =>
        AskedScopes(asked) is not { } scopes ? granted
        : granted.Covers(scopes) ? scopes
        : throw ConnectErrors.ScopeMismatch();

    /// <summary>Scopes that this gateway does not know grant nothing and are left out.</summary>
    private static Scope? AskedScopes(ConnectParams asked) => asked.Scopes is null ? null : asked.Scopes.Aggregate(
        Scope.None, static (all, name) => Scopes.TryParse(name, out var scope) ? all | scope : all);
}

/// <summary>A client that was let in.</summary>
/// <param name="Method">How it was let in, as <c>hello-ok</c> says it.</param>
internal sealed record Admission(Caller Caller, string Method)
{
    public string? DeviceToken { get; init; }

    public DateTimeOffset? IssuedAt { get; init; }

    public string? DeviceId { get; init; }

    /// <summary>See <see cref="Device.Generation"/>, when the client was let in.</summary>
    public int Generation { get; init; }
}
