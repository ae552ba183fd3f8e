namespace OpenClaw.Configuration.Channels;

/// <summary>Which agent answers in a channel. The most exact binding that fits decides: peer, then account, then channel.</summary>
public sealed class BindingSection
{
    public string AgentId { get; set; } = "";

    public BindingMatchSection Match { get; set; } = new();
}

/// <summary>What a binding is for; what is null fits everything.</summary>
public sealed class BindingMatchSection
{
    public string? Channel { get; set; }

    /// <summary>Null is the account <c>default</c>, <c>*</c> any account.</summary>
    public string? AccountId { get; set; }

    public BindingPeerSection? Peer { get; set; }

    /// <summary>Discord's guild.</summary>
    public string? GuildId { get; set; }

    /// <summary>Slack's workspace.</summary>
    public string? TeamId { get; set; }
}

/// <param name="Kind"><c>direct</c>, <c>group</c> or <c>channel</c>.</param>
/// <param name="Id">Of the person, group or channel on its platform.</param>
public sealed record BindingPeerSection(string Kind, string Id)
{
    public BindingPeerSection()
        : this("direct", "")
    {
    }
}

/// <summary><c>gateway.webhooks</c>: what holds for the webhooks of all channels.</summary>
public sealed class WebhooksSection
{
    /// <summary>False takes what nobody signed. Only with <see cref="DangerouslySkipVerification"/>, and never under the Functions
    /// host.</summary>
    public bool VerifySignature { get; set; } = true;

    public bool DangerouslySkipVerification { get; set; }

    /// <summary>Milliseconds that a webhook may take to arrive and be accepted, and that a call to a platform may take.</summary>
    public int Timeout { get; set; } = 5_000;

    /// <summary>Whether a reply that could not be delivered is tried again.</summary>
    public bool RetryOnFailure { get; set; } = true;
}
