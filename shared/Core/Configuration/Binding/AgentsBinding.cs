using System.Globalization;
using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration.Binding;

/// <summary>The <c>agents</c> section. Agents are <c>entries.&lt;id&gt;</c>, or items of <c>list</c> with an <c>id</c> as in older
/// files.</summary>
internal static class AgentsBinding
{
    private const int SecondsPerWeek = 604_800;
    private const long MostTokens = 1_000_000_000_000_000;

    public static AgentsSection Read(SectionReader reader)
    {
        var entries = reader.Map("entries", TextForm.AgentId, Agent);
        foreach (var (id, agent) in reader.List("list", item => (Id: Id(item), Agent: Agent(item))))
        {
            if (id is not null && !entries.TryAdd(id, agent))
            {
                reader.Error("list", $"names the agent '{id}', which is there already");
            }
        }

        foreach (var (id, agent) in entries.Where(entry => entry.Value.Default).Skip(1))
        {
            reader.Warn(reader.Has("list") ? "list" : "entries", $"marks more than one agent as default: '{id}' is not");
            agent.Default = false;
        }

        return new AgentsSection { Defaults = reader.Section("defaults", Defaults), Entries = entries };
    }

    private static AgentDefaultsSection Defaults(SectionReader reader) => new()
    {
        Model = Model(reader),
        SystemPrompt = reader.Text("systemPrompt"),
        TimeoutSeconds = reader.OptionalWhole("timeoutSeconds", 0, SecondsPerWeek) is { } seconds and > 0 ? (int)seconds : null,
        Budget = reader.OptionalSection("budget", Budget),
        Compaction = reader.Section("compaction", SessionBinding.Compaction),
        Heartbeat = reader.OptionalSection("heartbeat", Heartbeat),
    };

    /// <returns>Null where <c>every</c> is absent or 0.</returns>
    private static HeartbeatSection? Heartbeat(SectionReader reader)
    {
        var prompt = reader.Text("prompt", TextForm.NotBlank) ?? HeartbeatSection.DefaultPrompt;
        if (reader.Text("every", TextForm.NotBlank) is not { } text || text.Trim().TrimEnd('s', 'm', 'h', 'd') == "0")
        {
            return null;
        }

        if (ReadDuration(text.Trim()) is { } every && every >= TimeSpan.FromMinutes(1) && every <= TimeSpan.FromDays(7))
        {
            return new HeartbeatSection(every, prompt);
        }

        reader.Error("every", "must be a time from '1m' to '7d', such as '30m' or '2h'");
        return null;
    }

    private static TimeSpan? ReadDuration(string text)
    {
        var unit = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => TimeSpan.Zero,
        };
        return unit > TimeSpan.Zero && int.TryParse(text.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count <= 604_800 ? unit * count : null;
    }

    private static string? Id(SectionReader reader)
    {
        if (!reader.Has("id"))
        {
            reader.Error("id", "is missing");
        }

        return reader.Text("id", TextForm.AgentId);
    }

    private static AgentSection Agent(SectionReader reader) => new()
    {
        Name = reader.Text("name"),
        Default = reader.Flag("default", false),
        Model = Model(reader),
        SystemPrompt = reader.Text("systemPrompt"),
        Budget = reader.OptionalSection("budget", Budget),
        Tools = reader.Section("tools", ToolsBinding.ReadOfAgent),
    };

    private static BudgetSection Budget(SectionReader reader) => new()
    {
        DailyUsd = Amount(reader, "dailyUsd"),
        MonthlyUsd = Amount(reader, "monthlyUsd"),
        DailyTokens = reader.OptionalWhole("dailyTokens", 0, MostTokens),
        MonthlyTokens = reader.OptionalWhole("monthlyTokens", 0, MostTokens),
    };

    private static decimal? Amount(SectionReader reader, string key) => reader.Amount(key) is var amount && reader.Has(key) ? amount : null;

    private static AgentModelSection? Model(SectionReader reader) =>
        reader.IsText("model")
            ? reader.Text("model", TextForm.ModelReference) is { } primary ? new AgentModelSection { Primary = primary } : null
            : reader.OptionalSection("model", model => new AgentModelSection
            {
                Primary = model.Text("primary", TextForm.ModelReference),
                Fallbacks = model.Texts("fallbacks", [], TextForm.ModelReference),
            });
}
