using OpenClaw.Agents;

namespace OpenClaw.Tools;

/// <summary>All tools of all sources.</summary>
public sealed class Toolbox(IEnumerable<IToolSource> sources)
{
    /// <summary>The tools of an agent before any policy, by name; of two with one name the first source's.</summary>
    public async ValueTask<IReadOnlyList<ITool>> ListAsync(Agent agent, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ITool>(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            foreach (var tool in await source.ListAsync(agent, cancellationToken))
            {
                found.TryAdd(tool.Name, tool);
            }
        }

        return [.. found.Values.OrderBy(t => t.Name, StringComparer.Ordinal)];
    }
}
