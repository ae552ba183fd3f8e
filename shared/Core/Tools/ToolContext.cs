using OpenClaw.Agents;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Tools;

/// <summary>On whose behalf a tool is called.</summary>
/// <param name="Session">The session of the run; null for a stateless run and for a direct call that names none.</param>
public sealed record ToolContext(Caller Caller, Agent Agent, SessionKey? Session)
{
    /// <summary>The run that makes the call; null for a direct call.</summary>
    public string? RunId { get; init; }

    /// <summary>The models that may answer the run, as <c>provider/model</c>; empty for a direct call.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>The channel that the run answers, such as <c>telegram</c>; null where there is none.</summary>
    public string? Channel { get; init; }

    /// <summary>The account, person or chat and thread on that channel.</summary>
    public string? ChannelAccount { get; init; }

    /// <summary>The platform's id of the person who wrote; null where there is none.</summary>
    public string? ChannelSender { get; init; }

    /// <inheritdoc cref="ChannelAccount"/>
    public string? ChannelTo { get; init; }

    /// <inheritdoc cref="ChannelAccount"/>
    public string? ChannelThread { get; init; }
}
