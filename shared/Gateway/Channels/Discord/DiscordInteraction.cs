using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Channels.Discord;

/// <summary>What Discord sends when a person uses a command, as far as it is used. Source: Discord, "Interaction object".</summary>
internal sealed record DiscordInteraction
{
    public const int Ping = 1;
    public const int Command = 2;
    public const int Component = 3;
    public const int Autocomplete = 4;

    public string? Id { get; init; }

    public string? ApplicationId { get; init; }

    /// <summary>One of the constants, or 5: a dialog was sent.</summary>
    public required int Type { get; init; }

    /// <summary>Lets us answer for 15 minutes.</summary>
    public string? Token { get; init; }

    /// <summary>Null outside guilds.</summary>
    public string? GuildId { get; init; }

    public string? ChannelId { get; init; }

    public DiscordPlace? Channel { get; init; }

    /// <summary>Who did it in a guild.</summary>
    public DiscordMember? Member { get; init; }

    /// <summary>Who did it elsewhere.</summary>
    public DiscordUser? User { get; init; }

    public DiscordData? Data { get; init; }
}

/// <param name="Type">3 is a chat of several people without a guild.</param>
internal sealed record DiscordPlace(string? Name, int Type);

internal sealed record DiscordMember(DiscordUser? User, string? Nick);

internal sealed record DiscordUser(string? Id, string? Username, string? GlobalName);

/// <summary>The command and what was given with it.</summary>
internal sealed record DiscordData
{
    public string? Name { get; init; }

    /// <summary>1: a slash command; 3: a command in the menu of a message.</summary>
    public int Type { get; init; }

    public IReadOnlyList<DiscordOption>? Options { get; init; }

    /// <summary>The message in whose menu the command was chosen.</summary>
    public string? TargetId { get; init; }

    public DiscordResolved? Resolved { get; init; }
}

/// <param name="Value">Text, a number, or the id of a file in <see cref="DiscordResolved.Attachments"/>.</param>
internal sealed record DiscordOption(string? Name, JsonElement Value);

/// <summary>What the ids in a command stand for.</summary>
internal sealed record DiscordResolved(
    IReadOnlyDictionary<string, DiscordAttachment>? Attachments, IReadOnlyDictionary<string, DiscordQuoted>? Messages);

internal sealed record DiscordAttachment(string? Filename, string? ContentType, long? Size, string? Url);

internal sealed record DiscordQuoted(string? Content, IReadOnlyList<DiscordAttachment>? Attachments);

/// <summary>The answer to an interaction.</summary>
/// <param name="Type">1 pong, 4 message, 5 a message follows, 6 no change, 8 choices.</param>
internal sealed record DiscordReply(int Type, DiscordReplyData? Data = null)
{
    /// <summary>A message that only the person sees.</summary>
    public static DiscordReply Privately(string content) => new(4, new DiscordReplyData { Content = content, Flags = 64 });
}

internal sealed record DiscordReplyData
{
    public string? Content { get; init; }

    public int? Flags { get; init; }

    public IReadOnlyList<string>? Choices { get; init; }

    public DiscordMentions? AllowedMentions { get; init; } = DiscordMentions.None;
}

/// <summary>Which mentions in a text call people; none.</summary>
internal sealed record DiscordMentions(IReadOnlyList<string> Parse)
{
    public static DiscordMentions None { get; } = new([]);
}

/// <summary>A message to send.</summary>
/// <param name="Nonce">At most 25 characters; with <paramref name="EnforceNonce"/> a second message with it is not made.</param>
internal sealed record DiscordContent(string Content, string? Nonce = null, bool? EnforceNonce = null)
{
    public DiscordMentions AllowedMentions { get; } = DiscordMentions.None;

    public IReadOnlyList<DiscordUpload>? Attachments { get; init; }
}

/// <param name="Id">The number of the file in the form.</param>
internal sealed record DiscordUpload(int Id, string Filename);

internal sealed record DiscordError(int Code, string? Message, double? RetryAfter, bool? Global);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DiscordInteraction))]
[JsonSerializable(typeof(DiscordReply))]
[JsonSerializable(typeof(DiscordContent))]
[JsonSerializable(typeof(DiscordError))]
[JsonSerializable(typeof(IReadOnlyList<DiscordCommand>))]
internal sealed partial class DiscordJson : JsonSerializerContext;
