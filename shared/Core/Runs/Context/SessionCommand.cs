using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Models.Echo;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Runs.Context;

/// <summary><c>/new</c> and <c>/reset</c> at the beginning of a message: the session is reset, and what follows is its first
/// message.</summary>
public static class SessionCommand
{
    /// <summary>The answer to a command without a message.</summary>
    private static readonly ModelTarget Reply = new(
        "openclaw/command", "openclaw", "command", new FixedReply("A new session has begun."), Info: null);

    /// <summary>The run without its command when its last message begins with one; with a fixed answer when nothing follows.
    /// Other runs are returned unchanged.</summary>
    /// <exception cref="GatewayException"><c>403 missing_scope</c>: a reset needs admin, unless the front allows it.</exception>
    public static AdmittedRun Apply(AdmittedRun run)
    {
        var request = run.Request;
        if (!request.AllowsCommands || request.Session is null
            || request.Input is not [.., MessageItem { Role: "user", Content: [TextPart text] } message]
            || TailOf(text.Text) is not { } rest)
        {
            return run;
        }

        if (!request.MayReset)
        {
            request.Caller.Require(Scope.OperatorAdmin);
        }

        var input = message with { Content = [new TextPart(rest.Length == 0 ? text.Text.Trim() : rest)] };
        return run with
        {
            Request = request with { Input = [input] },
            Targets = rest.Length == 0 ? [Reply] : run.Targets,
            ResetsSession = true,
        };
    }

    /// <summary>The text after the command; null when the text is no command.</summary>
    private static string? TailOf(string text)
    {
        var trimmed = text.Trim();
        foreach (var command in (ReadOnlySpan<string>)["/new", "/reset"])
        {
            if (trimmed.StartsWith(command, StringComparison.OrdinalIgnoreCase)
                && (trimmed.Length == command.Length || char.IsWhiteSpace(trimmed[command.Length])))
            {
                return trimmed[command.Length..].Trim();
            }
        }

        return null;
    }
}
