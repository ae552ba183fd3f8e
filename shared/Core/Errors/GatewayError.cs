namespace OpenClaw.Errors;

/// <summary>A failure the caller can act on. Each surface renders it in its own shape; every code is listed here.
/// The message is public: no upstream text, no secrets.</summary>
/// <param name="Status">HTTP status, 400 to 599.</param>
/// <param name="Type">OpenAI error class, such as <c>invalid_request_error</c>.</param>
/// <param name="Code">Stable, machine-readable code.</param>
/// <param name="Message">One sentence for the caller.</param>
/// <param name="Param">The request field at fault, as a path such as <c>messages[0].role</c>.</param>
/// <param name="RetryAfter">When a retry makes sense; becomes <c>Retry-After</c> in whole seconds.</param>
public sealed partial record GatewayError(
    int Status, string Type, string Code, string Message, string? Param = null, TimeSpan? RetryAfter = null)
{
    private const string Invalid = "invalid_request_error";

    /// <summary>The scope that the caller lacks; null for any other failure.</summary>
    public string? MissingScopeName { get; init; }

    /// <summary>Whether a person's approval would let the call through.</summary>
    public bool RequiresApproval { get; init; }

    public static GatewayError InvalidRequest(string message, string? param = null, string code = ErrorCode.InvalidRequest) =>
        new(400, Invalid, code, message, param);

    public static GatewayError InvalidJson(string message) => new(400, Invalid, ErrorCode.InvalidJson, message);

    public static GatewayError MissingField(string param) =>
        new(400, Invalid, ErrorCode.MissingRequiredParameter, $"Missing required parameter: '{param}'.", param);

    /// <summary>A field of a form; for JSON see <see cref="ErrorCode.DuplicateKey"/>.</summary>
    public static GatewayError DuplicateField(string name) =>
        new(400, Invalid, ErrorCode.DuplicateKey, $"The field '{Shorten(name)}' appears twice.", Shorten(name));

    public static GatewayError InvalidType(string param, string expected) =>
        new(400, Invalid, ErrorCode.InvalidType, $"Invalid type for '{param}': expected {expected}.", param);

    public static GatewayError InvalidValue(string param, string message) =>
        new(400, Invalid, ErrorCode.InvalidValue, $"Invalid value for '{param}': {message}", param);

    /// <summary>A field that is known, but that the gateway or the model cannot honour.</summary>
    public static GatewayError UnsupportedParameter(string param, string? reason = null) => new(
        400, Invalid, ErrorCode.UnsupportedParameter,
        $"Unsupported parameter: '{param}' {reason ?? "is not supported with this model."}", param);

    public static GatewayError ThreadUnsupported() => new(
        400, Invalid, ErrorCode.ThreadUnsupportedRequest,
        "'thread' is not supported: send the whole conversation with each request.", "thread");

    public static GatewayError UnsupportedMediaType() =>
        new(415, Invalid, ErrorCode.UnsupportedMediaType, "Send the body as JSON with 'Content-Type: application/json'.");

    /// <summary>A file or image of a request that is not taken.</summary>
    /// <param name="code">Of <c>MediaException</c>, or about its URL; <c>file_too_large</c> is 413, all others 400.</param>
    public static GatewayError MediaRefused(string param, string code, string message) =>
        new(code == "file_too_large" ? 413 : 400, Invalid, code, message, param);

    public static GatewayError MediaBusy(string param, string message, TimeSpan? retryAfter) =>
        new(503, "server_error", ErrorCode.MediaBusy, $"'{param}': {message}", param, retryAfter);

    public static GatewayError BodyTooLarge(long limit) =>
        new(413, Invalid, ErrorCode.RequestTooLarge, $"The request body is larger than the limit of {limit} bytes.");

    public static GatewayError BodyTimeout() =>
        new(408, Invalid, ErrorCode.RequestTimeout, "The request body did not arrive in time.");

    /// <param name="message">What is wrong with the encoding or the type of what was sent.</param>
    public static GatewayError UnsupportedMediaType(string message) => new(415, Invalid, ErrorCode.UnsupportedMediaType, message);

    public static GatewayError MediaNotFound(string id) => new(404, Invalid, ErrorCode.MediaNotFound, $"There is no file '{Shorten(id)}'.");

    public static GatewayError MediaTypeMismatch(string declared, string found) => new(
        400, Invalid, ErrorCode.MediaTypeMismatch, $"The file is declared as '{Shorten(declared)}', but its content is {found}.");

    public static GatewayError MediaQuotaExceeded(long quota) => new(
        413, Invalid, ErrorCode.MediaQuotaExceeded,
            $"With this file there would be more than {quota} bytes; delete files or wait until some expire.");

    public static GatewayError InvalidPath() =>
        new(400, Invalid, ErrorCode.InvalidPath,
            "The path holds '//' (does the base URL end with a slash?), '..', ';' or an encoded slash.");

    public static GatewayError SecretInQuery(string name) =>
        new(400, Invalid, ErrorCode.CredentialInQuery, $"Credentials are not accepted in the query string; send '{name}' as a header.",
            name);

    public static GatewayError Unauthorized(string message = "Missing or invalid credentials; send 'Authorization: Bearer <token>'.") =>
        new(401, "authentication_error", ErrorCode.InvalidApiKey, message);

    public static GatewayError TooManyFailedAttempts(TimeSpan retryAfter) =>
        new(429, "rate_limit_error", ErrorCode.AuthRateLimited, "Too many failed authentication attempts; wait before trying again.",
            RetryAfter: retryAfter);

    public static GatewayError RateLimited(TimeSpan retryAfter) =>
        new(429, "rate_limit_error", ErrorCode.RateLimited, "This credential has sent too many requests; wait before sending more.",
            RetryAfter: retryAfter);

    /// <summary>The bodies of requests that are not answered yet fill the memory set aside for them.</summary>
    public static GatewayError TooManyBytesInFlight() =>
        Unavailable(
            ErrorCode.TooManyBytesInFlight,
            "The gateway holds as many request bytes as it may, of all callers or of this one; try again.");

    /// <param name="most">How many connections to the control plane one caller may have.</param>
    public static GatewayError TooManyConnections(int most) =>
        new(429, "rate_limit_error", ErrorCode.TooManyConnections,
            $"This caller has {most} connections to the control plane of this gateway already; close some first.");

    /// <param name="most">How many runs of one caller may wait.</param>
    public static GatewayError TooManyWaitingRuns(int most) =>
        new(429, "rate_limit_error", ErrorCode.TooManyWaitingRuns,
            $"{most} runs of this credential wait or are under way in the background; wait until some have ended.",
            RetryAfter: TimeSpan.FromSeconds(10));

    public static GatewayError BudgetExceeded(string message) => new(402, "insufficient_quota", ErrorCode.BudgetExceeded, message);

    public static GatewayError TokenBudgetExceeded(string message, TimeSpan retryAfter) =>
        new(429, "rate_limit_error", ErrorCode.TokenBudgetExceeded, message, RetryAfter: retryAfter);

    public static GatewayError ProxyAttributionRequired() =>
        new(403, "proxy_attribution_required", ErrorCode.ProxyAttributionRequired,
            "This gateway accepts requests only through its configured proxy.");

    public static GatewayError OriginNotAllowed() => new(
        403, "permission_error", ErrorCode.OriginNotAllowed,
        "Pages of this origin may not use the gateway; 'gateway.http.cors.origins' lists the origins that may use it.");

    public static GatewayError CrossSiteRequest() => new(
        403, "permission_error", ErrorCode.CrossSiteRequest,
        "A page of another site sent this request; 'gateway.http.cors.origins' lists the origins that may.");

    public static GatewayError HostNotAllowed() => new(
        403, "permission_error", ErrorCode.HostNotAllowed,
        "The gateway is not known by this host name; use 'localhost' or an address, or set 'gateway.publicUrl'.");

    public static GatewayError JsonTypeRequired() => new(
        403, "permission_error", ErrorCode.JsonTypeRequired,
        "Without credentials of its own a request must say that its body is JSON: send 'Content-Type: application/json'.");

    public static GatewayError Forbidden(string message) => new(403, "permission_error", ErrorCode.Forbidden, message);

    public static GatewayError AgentNotAllowed(string agent) =>
        new(403, "permission_error", ErrorCode.AgentNotAllowed, $"This API key may not use the agent '{Shorten(agent)}'.");

    public static GatewayError KeyNotFound(string id) => new(404, Invalid, ErrorCode.KeyNotFound, $"There is no API key '{Shorten(id)}'.");

    public static GatewayError KeyRevoked() =>
        new(409, "conflict_error", ErrorCode.KeyRevoked, "This API key has been revoked for good; create another.");

    public static GatewayError DeviceNotFound(string id) =>
        new(404, Invalid, ErrorCode.DeviceNotFound, $"There is no paired device '{Shorten(id)}'.");

    public static GatewayError PairingRequestNotFound(string id) =>
        new(404, Invalid, ErrorCode.PairingRequestNotFound, $"No device waits for approval under '{Shorten(id)}'.");

    /// <summary>Nobody who wrote to the channel waits with this code, or its time is over.</summary>
    public static GatewayError SenderNotWaiting() =>
        new(404, Invalid, ErrorCode.PairingRequestNotFound, "Nobody waits for approval with this code; codes are valid for an hour.");

    public static GatewayError PairingFull(TimeSpan retryAfter) =>
        new(429, "rate_limit_error", ErrorCode.RateLimited, "Too many devices wait for approval; approve or reject some first.",
            RetryAfter: retryAfter);

    public static GatewayError MissingScope(string missing) =>
        new(403, "permission_error", ErrorCode.MissingScope, $"This operation needs the scope '{missing}'.")
        {
            MissingScopeName = missing,
        };

    public static GatewayError NotFound() => new(404, Invalid, ErrorCode.NotFound, "There is nothing at this path.");

    public static GatewayError UnsupportedApiVersion(string asked, string known) =>
        new(404, Invalid, ErrorCode.UnsupportedApiVersion, $"There is no version '{Shorten(asked)}' of this API; it has {known}.");

    public static GatewayError InvalidApiVersion(string header, string latest) =>
        new(400, Invalid, ErrorCode.InvalidApiVersion,
            $"Send '{header}' as a date of the form YYYY-MM-DD that is not in the future; the latest version is {latest}.", header);

    public static GatewayError EndpointDisabled(string key) =>
        new(404, Invalid, ErrorCode.EndpointDisabled, $"This endpoint is switched off; set '{key}' to true to use it.");

    public static GatewayError ModelNotFound(string model) =>
        new(404, Invalid, ErrorCode.ModelNotFound, $"The model '{Shorten(model)}' does not exist or is not configured.", "model");

    public static GatewayError SessionNotFound(string id) =>
        new(404, Invalid, ErrorCode.SessionNotFound, $"There is no session '{Shorten(id)}'.");

    public static GatewayError ResponseNotFound(string id) =>
        new(404, Invalid, ErrorCode.ResponseNotFound, $"There is no response '{Shorten(id)}'.", "response_id");

    public static GatewayError ResponseInProgress() =>
        new(409, "conflict_error", ErrorCode.ResponseInProgress, "The response is still being made; try again.",
            RetryAfter: TimeSpan.FromSeconds(5));

    public static GatewayError RunNotFound(string id) =>
        new(404, Invalid, ErrorCode.RunNotFound, $"There is no durable run '{Shorten(id)}'.", "id");

    public static GatewayError PreviousResponseNotFound(string id) =>
        new(404, Invalid, ErrorCode.PreviousResponseNotFound, $"There is no response '{Shorten(id)}' that this request could continue.",
            "previous_response_id");

    public static GatewayError AgentModelMissing(string agent, string model) => Unavailable(
        ErrorCode.AgentModelNotConfigured,
        $"Agent '{Shorten(agent)}' is set to the model '{Shorten(model)}', which no provider offers; "
            + "check 'agents.defaults.model' and 'models.providers'.");

    public static GatewayError MethodNotAllowed(string allow) =>
        new(405, Invalid, ErrorCode.MethodNotAllowed, $"This path accepts only {allow}.");

    public static GatewayError UpgradeRequired(string message) => new(426, Invalid, ErrorCode.UpgradeRequired, message);

    public static GatewayError SocketTooOld() =>
        new(400, Invalid, ErrorCode.WebsocketConnectionLimitReached, "A connection lives for 60 minutes at the most; open a new one.");

    public static GatewayError SessionBusy(TimeSpan retryAfter) =>
        new(409, "conflict_error", ErrorCode.SessionBusy, "Another run holds this session; try again.", RetryAfter: retryAfter);

    /// <summary>The session changed hands while the run was under way; nothing of the run was stored.</summary>
    public static GatewayError SessionLost() =>
        new(409, "conflict_error", ErrorCode.SessionLeaseLost,
            "The session was taken over by another run; nothing of this one was stored.");

    public static GatewayError IdempotencyMismatch() =>
        new(422, Invalid, ErrorCode.IdempotencyMismatch, "This idempotency key was used for another request; use a new one.");

    public static GatewayError RunCancelled() =>
        new(409, "conflict_error", ErrorCode.RunCancelled, "The run was cancelled.");

    /// <summary>A run that was begun again and again and never came to an end.</summary>
    public static GatewayError RunAbandoned() =>
        new(500, "server_error", ErrorCode.RunAbandoned, "The run was given up after several attempts.");

    public static GatewayError ToolChoiceNotMet() =>
        new(502, "api_error", ErrorCode.ToolChoiceNotMet, "The model did not call the required tool.");

    /// <summary>The same for a tool that does not exist and for one that the caller may not use.</summary>
    public static GatewayError McpServerNotFound(string name) =>
        new(404, Invalid, ErrorCode.McpServerNotFound, $"No MCP server '{Shorten(name)}' is configured.", "probe");

    public static GatewayError ToolNotFound(string tool) =>
        new(404, Invalid, ErrorCode.ToolNotFound, $"There is no tool '{Shorten(tool)}'.", "tool");

    /// <summary>A repeated call cannot tell what became of the first one.</summary>
    public static GatewayError ToolCallPending() =>
        new(409, Invalid, ErrorCode.ToolCallPending, "A call with this idempotency key has not ended, or its outcome is unknown.");

    public static GatewayError ToolNeedsApproval(string tool) =>
        new(403, "permission_error", ErrorCode.ToolBlocked,
            $"Calls of '{Shorten(tool)}' need a person's approval, which only runs wait for.", "tool")
        {
            RequiresApproval = true,
        };

    public static GatewayError ApprovalNotFound(string id) => new(
        404, Invalid, ErrorCode.ApprovalNotFound, $"No call waits for approval under '{Shorten(id)}', or its time is over.");

    public static GatewayError ApprovalDecided(string decision) =>
        new(409, "conflict_error", ErrorCode.ApprovalDecided, $"This call was decided before: {decision}.");

    /// <param name="runId">The run, where it can be looked up later.</param>
    public static GatewayError RunTimeout(string? runId = null) =>
        new(504, "timeout_error", ErrorCode.RunTimeout,
            $"The run{(runId is null ? "" : " " + runId)} did not finish within the time limit.");

    public static GatewayError Unavailable(string code, string message) =>
        new(503, "server_error", code, message, RetryAfter: TimeSpan.FromSeconds(5));

    /// <param name="fault">What is wrong with the setting; null when there is none.</param>
    public static GatewayError RealtimeNotConfigured(string? fault) => Unavailable(
        ErrorCode.RealtimeNotConfigured,
        fault ?? "Live connections need SignalR Service; set AzureSignalRConnectionString, or "
            + "AzureSignalRConnectionString__serviceUri for a managed identity.");

    public static GatewayError RealtimeUnavailable() =>
        Unavailable(ErrorCode.RealtimeUnavailable, "SignalR Service does not answer the gateway right now; try again.");

    public static GatewayError Stopping() =>
        Unavailable(ErrorCode.ServerStopping, "This instance of the gateway is stopping; try again.");

    /// <summary>The storage service does not let the gateway in: its key, its role, or a clock that is wrong.</summary>
    public static GatewayError StorageRefused() =>
        Unavailable(ErrorCode.StorageRefused, "The gateway's storage refuses its credentials; the operator's log says more.");

    public static GatewayError StorageUnavailable() =>
        Unavailable(ErrorCode.StorageUnavailable, "The gateway cannot reach its storage right now.");

    public static GatewayError Internal() =>
        new(500, "server_error", ErrorCode.InternalError, "Something went wrong inside the gateway.");

    public static string Shorten(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
