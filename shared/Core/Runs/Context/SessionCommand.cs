using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Models.Echo;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Runs.Context;

/// <summary><c>/new</c> and <c>/reset</c> at the beginning of a message: the session begins anew, and what follows is its first message.</summary>
public static class SessionCommand
{
    /// <summary>Says so where nothing follows.</summary>
    private static readonly ModelTarget Reply = new("openclaw/command", "openclaw", "command", new FixedReply("A new session has begun."), Info: null);

    /// <summary>The request as it is to be run, when its last message is a command; else as it is.</summary>
    /// <param name="targets">The models to ask; the fixed answer for a bare command.</param>
    /// <exception cref="GatewayException"><c>403 missing_scope</c>: a reset needs admin.</exception>
    public static bool Apply(ref RunRequest request, ref IReadOnlyList<ModelTarget> targets)
    {
        if (!request.AllowsCommands || request.Session is null || request.Input is not [.., MessageItem { Role: "user", Content: [TextPart text] } message]
            || TailOf(text.Text) is not { } rest)
        {
            return false;
        }

        request.Caller.Require(Scope.OperatorAdmin);
        targets = rest.Length == 0 ? [Reply] : targets;
        request = request with { Input = [message with { Content = [new TextPart(rest.Length == 0 ? text.Text.Trim() : rest)] }] };
        return true;
    }

    /// <summary>What follows the command; null when the text is none.</summary>
    private static string? TailOf(string text)
    {
        var trimmed = text.Trim();
        foreach (var command in (ReadOnlySpan<string>)["/new", "/reset"])
        {
            if (trimmed.StartsWith(command, StringComparison.OrdinalIgnoreCase) && (trimmed.Length == command.Length || char.IsWhiteSpace(trimmed[command.Length])))
            {
                return trimmed[command.Length..].Trim();
            }
        }

        return null;
    }
}
