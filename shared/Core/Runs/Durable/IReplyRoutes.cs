using OpenClaw.Errors;
using OpenClaw.Sessions.Outbox;

namespace OpenClaw.Runs.Durable;

/// <summary>Where the answers of runs go outside the gateway: a conversation of a channel, or a URL. The channels know how.</summary>
public interface IReplyRoutes
{
    /// <summary>In place of a channel's id: where the agent was last written to.</summary>
    const string Last = "last";

    /// <summary>The place that a request names.</summary>
    /// <param name="agent">Whose last conversation counts.</param>
    /// <exception cref="GatewayException"><c>400 invalid_value</c>: there is no such channel, account or place; <c>503
    /// storage_unavailable</c>.</exception>
    Task<ReplyRoute> FindAsync(string agent, ReplyTarget target, CancellationToken cancellationToken);

    /// <summary>The answer of a run, to be delivered.</summary>
    /// <returns>Null when there is nothing to say, or the channel was switched off.</returns>
    OutboxDraft? Reply(ReplyRoute route, RunOutcome outcome, DateTimeOffset askedAt);

    /// <summary>In place of the answer of a run that could not begin.</summary>
    /// <inheritdoc cref="Reply(ReplyRoute, RunOutcome, DateTimeOffset)" path="/returns"/>
    OutboxDraft? Reply(ReplyRoute route, GatewayError failure, DateTimeOffset askedAt);

    /// <summary>Whether a URL would be called at all; nothing is asked of the network.</summary>
    /// <param name="param">The field of the request that holds it, for the error.</param>
    /// <exception cref="GatewayException"><c>400 invalid_value</c>.</exception>
    void CheckUrl(string url, UrlUse use, string param);

    /// <summary>One POST of JSON, to be delivered.</summary>
    OutboxDraft Post(string url, UrlUse use, string json, DateTimeOffset askedAt);
}

/// <summary>A place as a request names it.</summary>
/// <param name="Channel">Id of a channel, or <see cref="IReplyRoutes.Last"/>.</param>
/// <param name="To">As people write it: a chat, a channel, a phone number. Not for <see cref="IReplyRoutes.Last"/>.</param>
/// <param name="Account">Of the channel; null is its only account, or <c>default</c>.</param>
/// <param name="Within">What the names of the fields begin with, for errors, such as <c>delivery.</c>.</param>
public sealed record ReplyTarget(string Channel, string? To, string? Account, string Within = "");

/// <summary>A place that was found, as it is stored with a run.</summary>
/// <param name="Address">What the channel needs to know of it, as JSON.</param>
public sealed record ReplyRoute(string Channel, string Account, string Address);

/// <summary>Why a URL is called; it decides how the call is proven and which private hosts it may name.</summary>
public enum UrlUse
{
    /// <summary><c>callbackUrl</c> of a hook: signed with <c>hooks.callbackSecret</c>.</summary>
    HookCallback,

    /// <summary>Delivery of a job: with <c>cron.webhookToken</c> as bearer token.</summary>
    JobWebhook,
}
