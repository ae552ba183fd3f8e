namespace OpenClaw.Runs;

/// <summary>Which agent runs and, when the caller names one, with which model.</summary>
/// <param name="Requested">The <c>model</c> field as sent; echoed in answers.</param>
/// <param name="Agent">Agent id; null is the default agent.</param>
/// <param name="Model">Backend model, <c>provider/model</c> or an unambiguous id; null is the agent's own.</param>
public sealed record ModelSelection(string Requested, string? Agent, string? Model)
{
    /// <summary>Reads the model field and the two headers. The agent header beats an agent named by the model field.</summary>
    /// <param name="model">Such as <c>openclaw</c>, <c>openclaw/default</c>, <c>openclaw/id</c>, <c>openclaw:id</c>, <c>agent:id</c>, or
    /// a model.</param>
    public static ModelSelection Parse(string? model, string? agentHeader, string? modelHeader)
    {
        var requested = string.IsNullOrWhiteSpace(model) ? "openclaw" : model.Trim();
        var named = AgentOf(requested, out var isAgent);
        var agent = string.IsNullOrWhiteSpace(agentHeader) ? named : agentHeader.Trim();
        var backend = string.IsNullOrWhiteSpace(modelHeader) ? (isAgent ? null : requested) : modelHeader.Trim();
        return new ModelSelection(requested, agent is "default" ? null : agent, backend);
    }

    private static string? AgentOf(string model, out bool isAgent)
    {
        isAgent = true;
        if (model.Equals("openclaw", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        foreach (var prefix in (ReadOnlySpan<string>)["openclaw/", "openclaw:", "agent:"])
        {
            if (model.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return model[prefix.Length..];
            }
        }

        isAgent = false;
        return null;
    }
}
