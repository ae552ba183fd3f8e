namespace OpenClaw.Errors;

/// <summary>A failure the caller can act on. Each surface renders it in its own shape; every code is listed here.
/// The message is public: no upstream text, no secrets.</summary>
/// <param name="Status">HTTP status, 400 to 599.</param>
/// <param name="Type">OpenAI error class, such as <c>invalid_request_error</c>.</param>
/// <param name="Code">Stable, machine-readable code.</param>
/// <param name="Message">One sentence for the caller.</param>
/// <param name="Param">The request field at fault, as a path such as <c>messages[0].role</c>.</param>
/// <param name="RetryAfter">When a retry makes sense; becomes <c>Retry-After</c> in whole seconds.</param>
public sealed record GatewayError(
    int Status, string Type, string Code, string Message, string? Param = null, TimeSpan? RetryAfter = null)
{
    private const string Invalid = "invalid_request_error";

    public static GatewayError InvalidRequest(string message, string? param = null, string code = "invalid_request") =>
        new(400, Invalid, code, message, param);

    public static GatewayError InvalidJson(string message) => new(400, Invalid, "invalid_json", message);

    public static GatewayError MissingField(string param) =>
        new(400, Invalid, "missing_required_parameter", $"Missing required parameter: '{param}'.", param);

    public static GatewayError InvalidType(string param, string expected) =>
        new(400, Invalid, "invalid_type", $"Invalid type for '{param}': expected {expected}.", param);

    public static GatewayError InvalidValue(string param, string message) =>
        new(400, Invalid, "invalid_value", $"Invalid value for '{param}': {message}", param);

    public static GatewayError UnsupportedMediaType() =>
        new(415, Invalid, "unsupported_media_type", "Send the body as JSON with 'Content-Type: application/json'.");

    /// <summary>A file or image of a request that is not taken.</summary>
    /// <param name="code">Of <c>MediaException</c>, or about its URL; <c>file_too_large</c> is 413, all others 400.</param>
    public static GatewayError MediaRefused(string param, string code, string message) =>
        new(code == "file_too_large" ? 413 : 400, Invalid, code, message, param);

    public static GatewayError MediaBusy(string param, string message, TimeSpan? retryAfter) =>
        new(503, "server_error", "media_busy", $"'{param}': {message}", param, retryAfter);

    public static GatewayError BodyTooLarge(long limit) =>
        new(413, Invalid, "request_too_large", $"The request body is larger than the limit of {limit} bytes.");

    public static GatewayError BodyTimeout() =>
        new(408, Invalid, "request_timeout", "The request body did not arrive in time.");

    /// <param name="message">What is wrong with the encoding or the type of what was sent.</param>
    public static GatewayError UnsupportedMediaType(string message) => new(415, Invalid, "unsupported_media_type", message);

    public static GatewayError MediaNotFound(string id) => new(404, Invalid, "media_not_found", $"There is no file '{Shorten(id)}'.");

    public static GatewayError MediaTypeMismatch(string declared, string found) => new(
        400, Invalid, "media_type_mismatch", $"The file is declared as '{Shorten(declared)}', but its content is {found}.");

    public static GatewayError MediaQuotaExceeded(long quota) => new(
        413, Invalid, "media_quota_exceeded", $"With this file there would be more than {quota} bytes; delete files or wait until some expire.");

    public static GatewayError InvalidPath() =>
        new(400, Invalid, "invalid_path", "The request path contains a sequence that is not allowed.");

    public static GatewayError SecretInQuery(string name) =>
        new(400, Invalid, "credential_in_query", $"Credentials are not accepted in the query string; send '{name}' as a header.", name);

    public static GatewayError Unauthorized(string message = "Missing or invalid credentials; send 'Authorization: Bearer <token>'.") =>
        new(401, "authentication_error", "invalid_api_key", message);

    public static GatewayError TooManyFailedAttempts(TimeSpan retryAfter) =>
        new(429, "rate_limit_error", "auth_rate_limited", "Too many failed authentication attempts; wait before trying again.", RetryAfter: retryAfter);

    public static GatewayError RateLimited(TimeSpan retryAfter) =>
        new(429, "rate_limit_error", "rate_limited", "This credential has sent too many requests; wait before sending more.", RetryAfter: retryAfter);

    public static GatewayError BudgetExceeded(string message) => new(402, "insufficient_quota", "budget_exceeded", message);

    public static GatewayError TokenBudgetExceeded(string message, TimeSpan retryAfter) =>
        new(429, "rate_limit_error", "token_budget_exceeded", message, RetryAfter: retryAfter);

    public static GatewayError ProxyAttributionRequired() =>
        new(403, "proxy_attribution_required", "proxy_attribution_required", "This gateway accepts requests only through its configured proxy.");

    public static GatewayError Forbidden(string message) => new(403, "permission_error", "forbidden", message);

    public static GatewayError AgentNotAllowed(string agent) =>
        new(403, "permission_error", "agent_not_allowed", $"This API key may not use the agent '{Shorten(agent)}'.");

    public static GatewayError KeyNotFound(string id) => new(404, Invalid, "key_not_found", $"There is no API key '{Shorten(id)}'.");

    public static GatewayError KeyRevoked() => new(409, "conflict_error", "key_revoked", "This API key has been revoked for good; create another.");

    public static GatewayError MissingScope(string missing) =>
        new(403, "permission_error", "missing_scope", $"This operation needs the scope '{missing}'.");

    public static GatewayError NotFound() => new(404, Invalid, "not_found", "There is nothing at this path.");

    public static GatewayError UnsupportedApiVersion(string asked, string known) =>
        new(404, Invalid, "unsupported_api_version", $"There is no version '{Shorten(asked)}' of this API; it has {known}.");

    public static GatewayError InvalidApiVersion(string header, string latest) =>
        new(400, Invalid, "invalid_api_version", $"Send '{header}' as a date of the form YYYY-MM-DD that is not in the future; the latest version is {latest}.", header);

    public static GatewayError EndpointDisabled(string key) =>
        new(404, Invalid, "endpoint_disabled", $"This endpoint is switched off; set '{key}' to true to use it.");

    public static GatewayError ModelNotFound(string model) =>
        new(404, Invalid, "model_not_found", $"The model '{Shorten(model)}' does not exist or is not configured.", "model");

    public static GatewayError SessionNotFound(string id) => new(404, Invalid, "session_not_found", $"There is no session '{Shorten(id)}'.");

    public static GatewayError ResponseNotFound(string id) =>
        new(404, Invalid, "response_not_found", $"There is no response '{Shorten(id)}'.", "response_id");

    public static GatewayError ResponseInProgress() =>
        new(409, "conflict_error", "response_in_progress", "The response is still being made; try again.", RetryAfter: TimeSpan.FromSeconds(5));

    public static GatewayError RunNotFound(string id) =>
        new(404, Invalid, "run_not_found", $"There is no durable run '{Shorten(id)}'.", "id");

    public static GatewayError PreviousResponseNotFound(string id) =>
        new(404, Invalid, "previous_response_not_found", $"There is no response '{Shorten(id)}' that this request could continue.", "previous_response_id");

    public static GatewayError AgentModelMissing(string agent, string model) => Unavailable(
        "agent_model_not_configured",
        $"Agent '{Shorten(agent)}' is set to the model '{Shorten(model)}', which no provider offers; check 'agents.defaults.model' and 'models.providers'.");

    public static GatewayError MethodNotAllowed(string allow) =>
        new(405, Invalid, "method_not_allowed", $"This path accepts only {allow}.");

    public static GatewayError UpgradeRequired(string message) => new(426, Invalid, "upgrade_required", message);

    public static GatewayError SocketTooOld() =>
        new(400, Invalid, "websocket_connection_limit_reached", "A connection lives for 60 minutes at the most; open a new one.");

    public static GatewayError SessionBusy(TimeSpan retryAfter) =>
        new(409, "conflict_error", "session_busy", "Another run holds this session; try again.", RetryAfter: retryAfter);

    /// <summary>The session changed hands while the run was under way; nothing of the run was stored.</summary>
    public static GatewayError SessionLost() =>
        new(409, "conflict_error", "session_lease_lost", "The session was taken over by another run; nothing of this one was stored.");

    public static GatewayError IdempotencyMismatch() =>
        new(422, Invalid, "idempotency_mismatch", "This idempotency key was used for another request; use a new one.");

    public static GatewayError RunCancelled() =>
        new(409, "conflict_error", "run_cancelled", "The run was cancelled.");

    /// <summary>A run that was begun again and again and never came to an end.</summary>
    public static GatewayError RunAbandoned() =>
        new(500, "server_error", "run_abandoned", "The run was given up after several attempts.");

    public static GatewayError UpstreamRateLimited(TimeSpan? retryAfter) =>
        new(429, "rate_limit_error", "upstream_rate_limited", "The model provider is rate limiting; try again later.", RetryAfter: retryAfter);

    public static GatewayError UpstreamQuota() =>
        new(429, "insufficient_quota", "insufficient_quota", "The quota of the model provider's account is used up.");

    public static GatewayError UpstreamRejected(string? param, string code) =>
        new(400, Invalid, code, "The model provider refused the request as invalid.", param);

    public static GatewayError ContextTooLong() =>
        new(400, Invalid, "context_length_exceeded", "The conversation is longer than the model's context window.", "messages");

    public static GatewayError UpstreamCredentials() =>
        new(502, "api_error", "upstream_authentication", "The model provider refused the gateway's credentials; check its configuration.");

    public static GatewayError IdentityUnavailable() => Unavailable(
        "identity_unavailable", "The gateway's managed identity gave no access token; check that one is assigned to it.");

    public static GatewayError UpstreamUnavailable() =>
        new(502, "api_error", "upstream_unavailable", "The model provider did not answer.");

    public static GatewayError UpstreamInterrupted() =>
        new(502, "api_error", "upstream_interrupted", "The model provider broke off its answer.");

    public static GatewayError UpstreamProtocol() =>
        new(502, "api_error", "upstream_protocol", "The model provider sent something that is not a valid answer.");

    public static GatewayError ProviderNotSupported(string api) =>
        new(503, "server_error", "provider_not_supported", $"This gateway does not speak the provider api '{Shorten(api)}' yet.");

    public static GatewayError ToolChoiceNotMet() =>
        new(502, "api_error", "tool_choice_not_met", "The model did not call the required tool.");

    /// <param name="runId">The run, where it can be looked up later.</param>
    public static GatewayError RunTimeout(string? runId = null) =>
        new(504, "timeout_error", "run_timeout", $"The run{(runId is null ? "" : " " + runId)} did not finish within the time limit.");

    public static GatewayError Unavailable(string code, string message) =>
        new(503, "server_error", code, message, RetryAfter: TimeSpan.FromSeconds(5));

    public static GatewayError Stopping() =>
        Unavailable("server_stopping", "This instance of the gateway is stopping; try again.");

    /// <summary>The storage service does not let the gateway in: its key, its role, or a clock that is wrong.</summary>
    public static GatewayError StorageRefused() => Unavailable("storage_refused", "The gateway's storage refuses its credentials; the operator's log says more.");

    public static GatewayError StorageUnavailable() =>
        Unavailable("storage_unavailable", "The gateway cannot reach its storage right now.");

    public static GatewayError Internal() =>
        new(500, "server_error", "internal_error", "Something went wrong inside the gateway.");

    private static string Shorten(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
