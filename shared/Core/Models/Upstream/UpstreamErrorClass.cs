namespace OpenClaw.Models.Upstream;

/// <summary>What a provider's error means. Retries, fallbacks, compaction, the circuit breaker and the caller's answer follow it; see
/// docs/http-api.md.</summary>
internal enum UpstreamErrorClass
{
    /// <summary>The input does not fit into the model's context.</summary>
    ContextOverflow,

    /// <summary>The request is larger than the provider accepts from this account or at all; a shorter one may pass.</summary>
    RequestTooLarge,

    /// <summary>Too many requests or tokens for now.</summary>
    RateLimit,

    /// <summary>No balance, or a budget that is used up.</summary>
    Quota,

    /// <summary>The provider has too little capacity for now.</summary>
    Overloaded,

    /// <summary>The provider refuses the content of the prompt or of the answer.</summary>
    ContentFilter,

    BadKey,

    /// <summary>The key is valid but may not do this.</summary>
    Permission,

    /// <summary>The model does not exist, no longer exists, or is not loaded.</summary>
    ModelGone,

    /// <summary>The provider has no such path: the base URL is wrong.</summary>
    NoSuchPath,

    BadRequest,

    /// <summary>The provider itself reports that it took too long.</summary>
    TimedOut,

    ServerError,
}
