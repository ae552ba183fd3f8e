using OpenClaw.Configuration;

namespace OpenClaw.Agents;

/// <summary>The agents of one configuration snapshot. There is always at least <c>main</c>.</summary>
public sealed class AgentCatalog
{
    public const string MainAgent = "main";

    private volatile Snapshot _snapshot;

    public AgentCatalog(GatewayConfigStore config)
    {
        _snapshot = new Snapshot(config.Current.Agents);
        config.Changed += current => _snapshot = new Snapshot(current.Agents);
    }

    public Agent Default => _snapshot.Default;

    public IReadOnlyList<Agent> All => _snapshot.All;

    /// <summary>The agent of this id, case-insensitively; null id is the default agent.</summary>
    public Agent? Find(string? id) =>
        id is null ? _snapshot.Default : _snapshot.All.FirstOrDefault(a => a.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    private sealed class Snapshot
    {
        public Snapshot(AgentsSection section)
        {
            All = section.Entries.Count == 0
                ? [Create(MainAgent, new AgentSection(), section.Defaults)]
                : [.. section.Entries.Select(e => Create(e.Key, e.Value, section.Defaults))];
            var chosen = section.Entries.FirstOrDefault(e => e.Value.Default).Key ?? MainAgent;
            Default = All.FirstOrDefault(a => a.Id == chosen) ?? All[0];
        }

        public IReadOnlyList<Agent> All { get; }

        public Agent Default { get; }

        private static Agent Create(string id, AgentSection section, AgentDefaultsSection defaults)
        {
            var model = section.Model ?? defaults.Model;
            return new Agent(
                id, section.Name, section.SystemPrompt ?? defaults.SystemPrompt,
                model?.Primary is { Length: > 0 } primary ? [primary, .. model.Fallbacks] : [])
            {
                Tools = section.Tools,
            };
        }
    }
}
