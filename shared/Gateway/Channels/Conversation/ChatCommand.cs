namespace OpenClaw.Gateway.Channels.Conversation;

/// <summary>A message that the gateway answers itself, without a model.</summary>
/// <param name="Name">One of the constants.</param>
/// <param name="Rest">What follows the name; empty for nothing.</param>
public sealed record ChatCommand(string Name, string Rest)
{
    public const string New = "new";
    public const string Reset = "reset";
    public const string Status = "status";
    public const string Help = "help";
    public const string Model = "model";
    public const string Stop = "stop";

    /// <summary>What Telegram's clients send first; it is answered with the help.</summary>
    private const string Start = "start";

    /// <summary>For people, and for the lists that platforms show.</summary>
    public static IReadOnlyList<(string Name, string Description)> All { get; } =
    [
        (New, "begin a new conversation"), (Reset, "forget this conversation and begin anew"), (Status, "show the agent and its model"),
        (Model, "show or change the model of this conversation"), (Stop, "stop the answer that is being made"), (Help, "show this list"),
    ];

    /// <summary>Null when the text is no command.</summary>
    public static ChatCommand? Parse(string text)
    {
        var trimmed = text.Trim();
        if (!trimmed.StartsWith('/'))
        {
            return null;
        }

        var end = trimmed.AsSpan().IndexOfAny(" \t\r\n");
        var name = (end < 0 ? trimmed[1..] : trimmed[1..end]).ToLowerInvariant();
        var rest = end < 0 ? "" : trimmed[end..].Trim();
        return name == Start ? new ChatCommand(Help, "") : All.Any(c => c.Name == name) ? new ChatCommand(name, rest) : null;
    }
}
