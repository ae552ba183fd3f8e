using OpenClaw.Configuration;
using OpenClaw.Tools.BuiltIn;

namespace OpenClaw.Tools.Policy;

/// <summary>Decides which tools there are for whom. Each layer only takes away; an unknown tool and one that was taken away look the same.
/// <code>
/// (1) profile of the agent, else of all, with alsoAllow   (2) the same for the models' providers
/// (3) tools.allow, .deny                                  (4) agents.entries.&lt;id&gt;.tools.allow, .deny
/// (5) tools.byChannel                                     (6) tools.toolsBySender: the entry that names the sender most exactly
/// (7) tools of the owner only                             (8) over HTTP: the hard deny list, gateway.tools
/// </code></summary>
public sealed class ToolPolicy(Toolbox toolbox, GatewayConfigStore config)
{
    /// <summary>The tools that are left, by name.</summary>
    public async ValueTask<IReadOnlyList<ITool>> EffectiveAsync(
        ToolContext context, ToolSurface surface, CancellationToken cancellationToken)
    {
        var all = await toolbox.ListAsync(context.Agent, cancellationToken);
        var (settings, gateway) = (config.Current.Tools, config.Current.Gateway.Tools);
        return all.Count == 0 ? all : [.. all.Where(tool => Allows(settings, context, tool)
            && (surface != ToolSurface.Http || !HttpDenyList.Denies(gateway, tool, context.Caller)))];
    }

    /// <summary>Whether a run offers its models the tool without being asked for it. Tools of the gateway itself are offered once the
    /// configuration asks for tools, by <c>profile</c>, <c>allow</c> or <c>alsoAllow</c> of all or of the agent; others, as those of MCP
    /// servers, always.</summary>
    public bool IsOffered(ToolContext context, ITool tool) =>
        !tool.Groups.Contains(BuiltInTool.All) || AsksForTools(config.Current.Tools.Rules) || AsksForTools(context.Agent.Tools.Rules);

    /// <summary>Whether a person must approve each call of the tool.</summary>
    public bool RequiresApproval(ToolContext context, ITool tool) =>
        ToolNamePattern.AnyMatches(config.Current.Tools.RequireApproval, tool)
        || ToolNamePattern.AnyMatches(context.Agent.Tools.RequireApproval, tool);

    private static bool AsksForTools(ToolRulesSection rules) =>
        rules.Profile is not null || rules.Allow is not null || rules.AlsoAllow is not null;

    private static bool Allows(ToolsSection settings, ToolContext context, ITool tool)
    {
        var own = context.Agent.Tools;
        return IsOfProfile(own.Rules.Profile ?? settings.Rules.Profile, own.Rules.AlsoAllow ?? settings.Rules.AlsoAllow, tool) // (1)
            && context.Models.All(model => AllowsFor(model, settings, own, tool)) // (2)
            && Allows(settings.Rules, tool) // (3)
            && Allows(own.Rules, tool) // (4)
            && (context.Channel is null || AllowsWithProfile(settings.ByChannel.GetValueOrDefault(context.Channel), tool)) // (5)
            && AllowsWithProfile(OfSender(settings, context), tool) // (6)
            && (context.Caller.IsOwner || !HttpDenyList.IsOwnerOnly(tool)); // (7)
    }

    private static bool AllowsFor(string model, ToolsSection settings, ToolScopeSection own, ITool tool)
    {
        var (all, ofAgent) = (OfModel(settings, model), OfModel(own, model));
        return IsOfProfile(ofAgent?.Profile ?? all?.Profile, ofAgent?.AlsoAllow ?? all?.AlsoAllow, tool)
            && Allows(all, tool) && Allows(ofAgent, tool);
    }

    private static ToolRulesSection? OfModel(ToolScopeSection scope, string model) =>
        scope.ByProvider.GetValueOrDefault(model)
        ?? (model.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? scope.ByProvider.GetValueOrDefault(model[..slash]) : null);

    private static ToolRulesSection? OfSender(ToolsSection settings, ToolContext context)
    {
        if (settings.BySender.Count == 0)
        {
            return null;
        }

        string?[] names =
        [
            context is { Channel: { } channel, ChannelSender: { } person } ? $"channel:{channel}:{person}" : null,
            context.ChannelSender is { } id ? "id:" + id : null,
            context.ChannelSender is { } phone ? "e164:+" + phone.TrimStart('+') : null,
            "subject:" + context.Caller.Subject,
            "*",
        ];
        return names.OfType<string>().Select(name => settings.BySender.GetValueOrDefault(name))
            .FirstOrDefault(rules => rules is not null);
    }

    private static bool AllowsWithProfile(ToolRulesSection? rules, ITool tool) =>
        rules is null || (IsOfProfile(rules.Profile, rules.AlsoAllow, tool) && Allows(rules, tool));

    private static bool IsOfProfile(string? profile, IReadOnlyList<string>? also, ITool tool) =>
        ToolProfiles.Find(profile) is not { } names || ToolNamePattern.AnyMatches(names, tool)
        || ToolNamePattern.AnyMatches(also ?? [], tool);

    private static bool Allows(ToolRulesSection? rules, ITool tool) =>
        rules is null || (!ToolNamePattern.AnyMatches(rules.Deny, tool)
            && (rules.Allow is null || ToolNamePattern.AnyMatches(rules.Allow, tool)));
}
