using OpenClaw.Configuration;
using OpenClaw.Security;

namespace OpenClaw.Tools.Policy;

/// <summary>Tools that clients may not call directly, because one request would be enough to take the gateway over. Source: the original's
/// deny list of <c>/tools/invoke</c>.</summary>
internal static class HttpDenyList
{
    /// <summary>Lifted by <c>gateway.tools.allow</c> for the owner only, not for other administrators; models may call them in the
    /// owner's runs only.</summary>
    private static readonly string[] OwnerOnly = ["cron", "gateway", "nodes"];

    private static readonly string[] Others =
    [
        "exec", "spawn", "shell", "fs_write", "fs_delete", "fs_move", "apply_patch", "sessions_spawn", "sessions_send",
    ];

    public static bool IsOwnerOnly(ITool tool) => ToolNamePattern.AnyMatches(OwnerOnly, tool);

    public static bool Denies(GatewayToolsSection settings, ITool tool, Caller caller)
    {
        if (ToolNamePattern.AnyMatches(settings.Deny, tool))
        {
            return true;
        }

        var isOwnerOnly = IsOwnerOnly(tool);
        if (!isOwnerOnly && !ToolNamePattern.AnyMatches(Others, tool))
        {
            return false;
        }

        var mayLift = caller.IsOwner || (!isOwnerOnly && caller.Scopes.Covers(Scope.OperatorAdmin));
        return !mayLift || !ToolNamePattern.AnyMatches(settings.Allow, tool);
    }
}
