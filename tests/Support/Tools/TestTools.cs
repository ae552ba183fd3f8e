using OpenClaw.Agents;
using OpenClaw.Tools;

namespace OpenClaw.Tests.Support.Tools;

/// <summary>The tools of a test.</summary>
internal sealed class TestTools(params IReadOnlyList<ITool> tools) : IToolSource
{
    public ValueTask<IReadOnlyList<ITool>> ListAsync(Agent agent, CancellationToken cancellationToken) => new(tools);
}
