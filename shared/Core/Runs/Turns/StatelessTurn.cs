using OpenClaw.Models;
using OpenClaw.Sessions;

namespace OpenClaw.Runs.Turns;

/// <summary>A turn that belongs to no session: the caller brings the conversation and nothing is stored.</summary>
internal sealed class StatelessTurn(AdmittedRun run) : RunTurn
{
    public override bool IsDurable => false;

    public override IReadOnlyList<ConversationItem> History => run.Request.History ?? [];

    public override IReadOnlyList<ConversationItem> Input => run.Request.Input;

    public override IReadOnlyList<ModelTarget> Targets => run.Targets;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
