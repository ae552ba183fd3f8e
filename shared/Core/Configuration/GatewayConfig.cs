using OpenClaw.Configuration.Channels;
using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration;

/// <summary>The whole of <c>openclaw.json</c>, after aliases, environment overrides and <c>${ENV}</c> substitution. Only the code that
/// builds it sets values: the bindings and the defaults of <c>dev</c>. A reload makes a new one and replaces the old one in
/// <see cref="GatewayConfigStore"/>.</summary>
public sealed class GatewayConfig
{
    public GatewaySection Gateway { get; set; } = new();

    public ModelsSection Models { get; set; } = new();

    public AgentsSection Agents { get; set; } = new();

    public MemorySection Memory { get; set; } = new();

    public SessionSection Session { get; set; } = new();

    public StorageSection Storage { get; set; } = new();

    public ChannelsSection Channels { get; set; } = new();

    /// <summary>Which agent answers where; without one that fits, the default agent.</summary>
    public IReadOnlyList<BindingSection> Bindings { get; set; } = [];

    public HooksSection Hooks { get; set; } = new();

    public CronSection Cron { get; set; } = new();

    public ToolsSection Tools { get; set; } = new();

    public McpSection Mcp { get; set; } = new();

    /// <summary>The whole document, with the environment's values in it; null for a configuration that was not loaded from text.</summary>
    public ConfigNode? Document { get; set; }
}

public sealed class GatewaySection
{
    /// <summary>TCP port of the self-host. Order: <c>--port</c>, <c>OPENCLAW_GATEWAY_PORT</c>, this, 18789.</summary>
    public int? Port { get; set; }

    /// <summary><c>loopback</c> (default), <c>lan</c> (all interfaces) or an IP address.</summary>
    public string Bind { get; set; } = "loopback";

    /// <summary>Base URL under which callers reach this gateway; used for links and calls to itself.</summary>
    public string? PublicUrl { get; set; }

    public AuthSection Auth { get; set; } = new();

    /// <summary>Addresses or CIDR ranges whose forwarding headers are believed.</summary>
    public IReadOnlyList<string> TrustedProxies { get; set; } = [];

    public HttpSection Http { get; set; } = new();

    public RealtimeSection Realtime { get; set; } = new();

    public WebhooksSection Webhooks { get; set; } = new();

    public GatewayToolsSection Tools { get; set; } = new();
}

public sealed class AuthSection
{
    /// <summary><c>token</c>, <c>password</c>, <c>trusted-proxy</c> or <c>none</c>; absent: whichever secret is set.</summary>
    public string? Mode { get; set; }

    public string? Token { get; set; }

    public string? Password { get; set; }

    /// <summary><c>auto</c> (default: a device that presents the gateway's secret is paired at once) or <c>required</c> (a person approves
    /// every device).</summary>
    public string Pairing { get; set; } = "auto";

    public TrustedProxySection? TrustedProxy { get; set; }

    public AuthRateLimitSection RateLimit { get; set; } = new();
}

public sealed class TrustedProxySection
{
    /// <summary>Header that carries the verified user, such as <c>x-forwarded-user</c>.</summary>
    public string? UserHeader { get; set; }

    /// <summary>Headers that must be present and not blank.</summary>
    public IReadOnlyList<string> RequiredHeaders { get; set; } = [];

    /// <summary>Users let in; empty means every user the proxy vouches for.</summary>
    public IReadOnlyList<string> AllowUsers { get; set; } = [];

    /// <summary>Lets a proxy on the same host in; it must still be listed in <c>gateway.trustedProxies</c>.</summary>
    public bool AllowLoopback { get; set; }

    /// <summary>Header in which the proxy proves itself; required where the peer's address says nothing (Functions).</summary>
    public string? SecretHeader { get; set; }

    public string? Secret { get; set; }

    /// <summary>User to scope names; e-mail keys are case-insensitive. Also written as <c>gateway.auth.identityScopes</c>, as in the
    /// original.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> IdentityScopes { get; set; } = new Dictionary<string,
        IReadOnlyList<string>>();

    /// <summary>Scopes of users that <see cref="IdentityScopes"/> does not name. Null: none if there is such a list, else the default
    /// set.</summary>
    public IReadOnlyList<string>? DefaultScopes { get; set; }
}

public sealed class AuthRateLimitSection
{
    public int MaxAttempts { get; set; } = 10;

    public int WindowMs { get; set; } = 60_000;

    public int LockoutMs { get; set; } = 300_000;

    /// <summary>Whether clients on the same machine are never locked out. Self-host only: in the worker every peer is the loopback
    /// host.</summary>
    public bool ExemptLoopback { get; set; }
}

public sealed class ModelsSection
{
    public const int DefaultMaxAnswerChars = 32 << 20;

    public IReadOnlyDictionary<string, ProviderSection> Providers { get; set; } = new Dictionary<string, ProviderSection>();

    /// <summary>Names that stand for others in a request's <c>model</c> field: pattern (<c>*</c> is any text) to agent or model.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; set; } = new Dictionary<string, string>();

    /// <summary>Most characters (UTF-16 units) of one answer: text, reasoning and calls together. A longer one is cut there and
    /// incomplete.</summary>
    public int MaxAnswerChars { get; set; } = DefaultMaxAnswerChars;
}

/// <summary>One model provider.</summary>
public sealed class ProviderSection
{
    public string? BaseUrl { get; set; }

    public string? ApiKey { get; set; }

    /// <summary><c>api-key</c>, <c>token</c> (the key is a bearer token) or <c>managed-identity</c> (Azure OpenAI only); absent: what
    /// <see cref="Api"/> is used to.</summary>
    public string? Auth { get; set; }

    /// <summary>Azure OpenAI: the version of the deployment paths, such as <c>2024-10-21</c>; absent: the <c>v1</c> paths, which have
    /// none.</summary>
    public string? ApiVersion { get; set; }

    /// <summary>Client id of a user-assigned managed identity; absent: the system-assigned one.</summary>
    public string? ClientId { get; set; }

    /// <summary><c>openai-completions</c> (default), <c>openai-responses</c>, <c>azure-openai</c>, <c>anthropic-messages</c> or
    /// <c>echo</c>.</summary>
    public string Api { get; set; } = "openai-completions";

    /// <summary>How long a request may stay without an answer before a second one is sent beside it, in milliseconds; absent:
    /// never.</summary>
    public int? HedgeAfterMs { get; set; }

    public IReadOnlyDictionary<string, string> Headers { get; set; } = new Dictionary<string, string>();

    /// <summary>What its servers accept and require, of every model without settings of its own.</summary>
    public CompatSection Compat { get; set; } = new();

    /// <summary>Models offered; empty passes any id through.</summary>
    public IReadOnlyList<ModelSection> Models { get; set; } = [];
}

public sealed class ModelSection
{
    public string Id { get; set; } = "";

    public string? Name { get; set; }

    public bool Reasoning { get; set; }

    /// <summary>Modalities accepted: <c>text</c>, <c>image</c>, <c>pdf</c> (files are passed on as they are), <c>audio</c>,
    /// <c>video</c>.</summary>
    public IReadOnlyList<string> Input { get; set; } = [];

    /// <summary>Tokens.</summary>
    public int? ContextWindow { get; set; }

    /// <summary>Output tokens.</summary>
    public int? MaxTokens { get; set; }

    public ModelCostSection? Cost { get; set; }

    /// <summary>Comes before the provider's <see cref="ProviderSection.Compat"/>, setting by setting.</summary>
    public CompatSection? Compat { get; set; }
}

/// <summary>USD per million tokens.</summary>
public sealed class ModelCostSection
{
    public decimal Input { get; set; }

    public decimal Output { get; set; }

    public decimal CacheRead { get; set; }

    public decimal CacheWrite { get; set; }
}

public sealed class MemorySection
{
    public MemorySearchSection Search { get; set; } = new();
}

/// <summary>Where embeddings come from.</summary>
public sealed class MemorySearchSection
{
    public string? Provider { get; set; }

    public string? Model { get; set; }
}

public sealed class StorageSection
{
    /// <summary>3 to 20 lower-case letters and digits, starting with a letter, put before every table, container and queue name, so that
    /// gateways can share an account.</summary>
    public string Prefix { get; set; } = "openclaw";

    /// <summary>Seconds a session stays with an instance that died or was paused, 2 to 60; renewed at a third of it.</summary>
    public int LeaseSeconds { get; set; } = 30;
}
