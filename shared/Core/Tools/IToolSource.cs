using OpenClaw.Agents;

namespace OpenClaw.Tools;

/// <summary>Where tools come from: what is built in, an MCP server, a plugin.</summary>
public interface IToolSource
{
    /// <summary>The tools of an agent, before any policy. A source that does not answer has none; it never fails a run.</summary>
    ValueTask<IReadOnlyList<ITool>> ListAsync(Agent agent, CancellationToken cancellationToken);
}
