namespace OpenClaw.Gateway.Responses.Wire;

/// <summary>Answer of <c>GET /v1/responses/{id}/input_items</c>.</summary>
internal sealed record ResponseItemList(IReadOnlyList<ResponseItem> Data, string? FirstId, string? LastId, bool HasMore)
{
    public string Object { get; init; } = "list";
}

/// <summary>Answer of <c>DELETE /v1/responses/{id}</c>.</summary>
internal sealed record DeletedResponse(string Id)
{
    public string Object { get; init; } = "response";

    public bool Deleted { get; init; } = true;
}

/// <summary>Body of <c>POST /v1/responses/compact</c>.</summary>
internal sealed record CompactRequest
{
    public string? Model { get; init; }

    public System.Text.Json.JsonElement? Input { get; init; }

    public string? Instructions { get; init; }

    public string? PreviousResponseId { get; init; }

    public string? PromptCacheKey { get; init; }
}

/// <summary>Answer of <c>POST /v1/responses/compact</c>: what to send instead of the conversation so far.</summary>
internal sealed record CompactedConversation(string Id, IReadOnlyList<ResponseItem> Output, long CreatedAt, ResponseUsage Usage)
{
    public string Object { get; init; } = "response.compaction";
}

/// <summary>Answer of <c>POST /v1/responses/input_tokens</c>: an estimate, about four characters a token.</summary>
internal sealed record InputTokenCount(long InputTokens)
{
    public string Object { get; init; } = "response.input_tokens";
}
