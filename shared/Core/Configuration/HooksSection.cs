namespace OpenClaw.Configuration;

/// <summary>Hooks: HTTP calls of other systems that start agents.</summary>
public sealed class HooksSection
{
    public bool Enabled { get; set; }

    /// <summary>What callers show; not the gateway's own secret.</summary>
    public string? Token { get; set; }

    /// <summary>Where the hooks are; never <c>/</c>.</summary>
    public string Path { get; set; } = "/hooks";

    /// <summary>Agents that a caller may name; null is all, an empty list none.</summary>
    public IReadOnlyList<string>? AllowedAgentIds { get; set; }

    /// <summary>Session of calls that name none; null: each call has a session of its own.</summary>
    public string? DefaultSessionKey { get; set; }

    /// <summary>Whether callers may name the session.</summary>
    public bool AllowRequestSessionKey { get; set; }

    /// <summary>What such session keys must begin with; null: anything.</summary>
    public IReadOnlyList<string>? AllowedSessionKeyPrefixes { get; set; }

    /// <summary>Whether <c>/hooks/{token}/wake</c> and <c>/hooks/{token}/agent</c> are taken.</summary>
    public bool AllowPathToken { get; set; }

    /// <summary>Whether <c>?token=</c> is taken.</summary>
    public bool AllowQueryToken { get; set; }

    public int MaxBodyBytes { get; set; } = 256 * 1024;

    /// <summary>In order: the first that matches a call answers it.</summary>
    public IReadOnlyList<HookMappingSection> Mappings { get; set; } = [];

    /// <summary>Directory of the JavaScript files of transforms.</summary>
    public string? TransformsDir { get; set; }

    /// <summary>Signs what is sent to a <c>callbackUrl</c>; <c>whsec_…</c>.</summary>
    public string? CallbackSecret { get; set; }

    /// <summary>Private hosts that a <c>callbackUrl</c> may name.</summary>
    public IReadOnlyList<string> CallbackAllowedHostnames { get; set; } = [];
}

/// <summary>What a call becomes.</summary>
public sealed class HookMappingSection
{
    /// <summary>For logs and errors; the number of the mapping when absent.</summary>
    public string? Id { get; set; }

    /// <summary>The path below <see cref="HooksSection.Path"/>; null matches every path.</summary>
    public string? MatchPath { get; set; }

    /// <summary>The payload's <c>source</c>; null matches all.</summary>
    public string? MatchSource { get; set; }

    /// <summary><c>agent</c> or <c>wake</c>.</summary>
    public string Action { get; set; } = "agent";

    /// <summary><c>now</c> or <c>next-heartbeat</c>.</summary>
    public string WakeMode { get; set; } = "now";

    public string? Name { get; set; }

    public string? AgentId { get; set; }

    /// <summary>A template.</summary>
    public string? SessionKey { get; set; }

    /// <summary><c>isolated</c> or <c>persistent</c>.</summary>
    public string? SessionMode { get; set; }

    /// <summary>What an agent is told.</summary>
    public string? MessageTemplate { get; set; }

    /// <summary>The text of a wake.</summary>
    public string? TextTemplate { get; set; }

    /// <summary>Path of a list in the payload; each element becomes a run of its own.</summary>
    public string? ForEach { get; set; }

    public bool? Deliver { get; set; }

    /// <summary>A channel, or <c>last</c>.</summary>
    public string? Channel { get; set; }

    /// <summary>A template.</summary>
    public string? To { get; set; }

    public string? Model { get; set; }

    public string? Thinking { get; set; }

    public int? TimeoutSeconds { get; set; }

    /// <summary>Whether the content goes to the model without the words that mark it as untrusted.</summary>
    public bool AllowUnsafeExternalContent { get; set; }

    public HookTransformSection? Transform { get; set; }

    public HookSignatureSection? Signature { get; set; }
}

/// <summary>A JavaScript function that decides what a call becomes.</summary>
public sealed class HookTransformSection
{
    /// <summary>File below <see cref="HooksSection.TransformsDir"/>.</summary>
    public string Module { get; set; } = "";

    public string Export { get; set; } = "default";
}

/// <summary>How the sender of a mapping's calls proves them, in place of the hook token.</summary>
public sealed class HookSignatureSection
{
    public const string GitHub = "github";

    public const string Stripe = "stripe";

    public const string StandardWebhooks = "standard-webhooks";

    public string Scheme { get; set; } = "";

    public string Secret { get; set; } = "";
}
