namespace OpenClaw.Gateway.Status;

/// <summary>Answer of <c>GET /v1/models</c>. Source: OpenAI API reference, models.</summary>
internal sealed record ModelList(IReadOnlyList<ModelEntry> Data)
{
    public string Object { get; init; } = "list";
}

/// <summary>One model name that requests may use.</summary>
internal sealed record ModelEntry(string Id, string OwnedBy)
{
    public string Object { get; init; } = "model";

    /// <summary>Always 0: these are names, not artefacts with a date.</summary>
    public long Created { get; init; }
}
