using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Tools;
using OpenClaw.Tools.Policy;

namespace OpenClaw.Runs.Calls;

/// <summary>Decides which of the gateway's tools a run offers to its models: those that policy leaves, when the caller brings no tools of
/// its own; those that it names, when it names any; none when one of the models cannot call tools.</summary>
public sealed class OwnToolOffer(ToolPolicy policy)
{
    /// <summary>Refuses names of tools that the run may not have.</summary>
    /// <exception cref="GatewayException"><c>400 unknown_tool</c>.</exception>
    internal async ValueTask CheckAsync(RunRequest request, IReadOnlyList<ModelTarget> models, CancellationToken cancellationToken)
    {
        if (request.OwnTools is not { Count: > 0 } names)
        {
            return;
        }

        var tools = await ListAsync(ContextOf(request, models), models, cancellationToken);
        foreach (var (unknown, param) in names.Where(name => tools.All(tool => tool.Name != name.Key)))
        {
            throw new GatewayException(GatewayError.InvalidRequest(
                $"'{GatewayError.Shorten(unknown)}' is not a server tool that this gateway offers.", param, ErrorCode.UnknownTool));
        }
    }

    internal async ValueTask<OwnTools> OfAsync(RunRequest request, IReadOnlyList<ModelTarget> models, CancellationToken cancellationToken)
    {
        var context = ContextOf(request, models);
        if (request.OwnTools is { Count: 0 } || (request.OwnTools is null && request.Tools.Count > 0)
            || request.ToolChoice.Mode == ToolChoiceMode.None)
        {
            return new OwnTools([], context);
        }

        var tools = await ListAsync(context, models, cancellationToken);
        return new OwnTools(
            tools.Where(tool => (request.OwnTools?.ContainsKey(tool.Name) ?? policy.IsOffered(context, tool))
                && request.ToolChoice.Allows(tool.Name) && request.Tools.All(own => own.Name != tool.Name)), context);
    }

    private ValueTask<IReadOnlyList<ITool>> ListAsync(
        ToolContext context, IReadOnlyList<ModelTarget> models, CancellationToken cancellationToken) =>
        models.All(model => model.CanCallTools) ? policy.EffectiveAsync(context, ToolSurface.Run, cancellationToken)
            : ValueTask.FromResult<IReadOnlyList<ITool>>([]);

    private static ToolContext ContextOf(RunRequest request, IReadOnlyList<ModelTarget> models) =>
        new(request.Caller, request.Agent, request.Session)
        {
            RunId = request.RunId,
            Models = [.. models.Select(model => model.Reference).Distinct(StringComparer.Ordinal)],
            Channel = request.Origin?.Channel,
            ChannelAccount = request.Origin?.Account,
            ChannelSender = request.Origin?.Sender,
            ChannelTo = request.Origin?.To,
            ChannelThread = request.Origin?.Thread,
        };
}
