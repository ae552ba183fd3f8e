using System.Text.Json.Serialization;
using OpenClaw.Errors;
using OpenClaw.Security.Keys;

namespace OpenClaw.Security;

/// <summary>Who is calling, as established by the authenticator; never by what the request claims about itself.</summary>
/// <param name="Subject">Owner of what the call stores: <c>operator</c> for the gateway's own secret, else <c>user:…</c>,
/// <c>key:…</c> or <c>channel:…</c>.</param>
/// <param name="Scopes">What the call may do.</param>
/// <param name="IsIdentity">True for trusted-proxy and open mode and for named keys, where request headers may narrow the scopes.</param>
/// <param name="IsOwner">True when turns of this caller count as the owner's own.</param>
public sealed record Caller(string Subject, Scope Scopes, bool IsIdentity, bool IsOwner)
{
    public const string OperatorSubject = "operator";

    /// <summary>The named key of the caller; null for other callers, and for a request that was restored later.</summary>
    [JsonIgnore]
    public ApiKey? Key { get; init; }

    /// <summary>The id of the paired device whose token the caller showed; null for other callers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Device { get; init; }

    /// <summary>The secret that the request showed, to notice later that it was replaced; null for other callers, and for a request that
    /// was restored later.</summary>
    [JsonIgnore]
    public Secret? Shown { get; init; }

    /// <summary>True where the request shows no secret of the caller's own, so that any page in the caller's browser could have sent
    /// it.</summary>
    [JsonIgnore]
    public bool IsAmbient => IsIdentity && Key is null && Device is null;

    /// <summary>The gateway secret sees everything; others only what they own.</summary>
    public bool IsOperator => Subject == OperatorSubject;

    private const string ChannelPrefix = "channel:";

    /// <summary>The senders of a channel: they may run agents, and nothing else.</summary>
    /// <param name="id">Such as <c>telegram</c>.</param>
    public static Caller OfChannel(string id) =>
        new(ChannelPrefix + id, Scope.OperatorRead | Scope.OperatorWrite, IsIdentity: false, IsOwner: false);

    /// <summary>The id of the channel that a subject is; null for other subjects.</summary>
    internal static string? ChannelOf(string subject) =>
        subject.StartsWith(ChannelPrefix, StringComparison.Ordinal) ? subject[ChannelPrefix.Length..] : null;

    /// <exception cref="GatewayException"><c>403 agent_not_allowed</c>.</exception>
    public void RequireAgent(string agent)
    {
        if (Key?.MayRun(agent) == false)
        {
            throw new GatewayException(GatewayError.AgentNotAllowed(agent));
        }
    }

    /// <exception cref="GatewayException"><c>403 missing_scope</c>.</exception>
    public void Require(Scope scope)
    {
        if (!Scopes.Covers(scope))
        {
            throw new GatewayException(GatewayError.MissingScope(Security.Scopes.NameOf(scope)));
        }
    }
}
