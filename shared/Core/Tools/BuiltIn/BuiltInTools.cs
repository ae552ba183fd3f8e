using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Agents;

namespace OpenClaw.Tools.BuiltIn;

/// <summary>The tools that are registered as services. Each lives in the room whose things it uses. They are made at the first look, since
/// some of them stand on what runs agents, which itself asks for tools.</summary>
internal sealed class BuiltInTools(IServiceProvider services) : IToolSource
{
    private readonly Lazy<IReadOnlyList<ITool>> _tools = new(() => [.. services.GetServices<ITool>()]);

    public ValueTask<IReadOnlyList<ITool>> ListAsync(Agent agent, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_tools.Value);
}
