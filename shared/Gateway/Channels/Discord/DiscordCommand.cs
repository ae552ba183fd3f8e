using OpenClaw.Gateway.Channels.Conversation;

namespace OpenClaw.Gateway.Channels.Discord;

/// <summary>A command that the application offers. Source: Discord, "Application command object".</summary>
/// <param name="Type">1: a slash command; 3: in the menu of a message, which takes no description.</param>
internal sealed record DiscordCommand(int Type, string Name, string? Description, IReadOnlyList<DiscordParameter>? Options = null)
{
    public const string Ask = "ask";

    /// <summary>The parameter of <see cref="Ask"/> and of commands that take a text.</summary>
    public const string Message = "message";

    private const int Text = 3;

    private const int File = 11;

    /// <summary>What <c>channels setup</c> registers.</summary>
    public static IReadOnlyList<DiscordCommand> All { get; } =
    [
        new(1, Ask, "Ask the agent", [new(Text, Message, "What you want to know"), new(File, "file", "A file to look at")]),
        .. ChatCommand.All.Select(c => new DiscordCommand(
            1, c.Name, c.Description, c.Name == ChatCommand.Model ? [new(Text, Message, "The model to use")] : null)),
        new(3, "Ask OpenClaw", null),
    ];

    /// <summary>Also as an app of a person, outside guilds.</summary>
    public IReadOnlyList<int> IntegrationTypes { get; } = [0, 1];

    /// <summary>In guilds, in direct chats with the bot, and in others.</summary>
    public IReadOnlyList<int> Contexts { get; } = [0, 1, 2];
}

/// <param name="Type">3 text, 11 file.</param>
internal sealed record DiscordParameter(int Type, string Name, string Description);
