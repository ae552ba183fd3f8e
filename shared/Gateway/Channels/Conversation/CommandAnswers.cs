using OpenClaw.Agents;
using OpenClaw.Models;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Channels.Conversation;

/// <summary>What the gateway itself answers to commands, as Markdown. No model is asked.</summary>
public sealed class CommandAnswers(SessionStore sessions, AgentCatalog agents, ModelCatalog models)
{
    private const int MostModels = 30;

    private static readonly TimeSpan BusyWait = TimeSpan.FromMinutes(10);

    /// <exception cref="Errors.GatewayException"><c>409 session_busy</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<string> AnswerAsync(ChatCommand command, SessionKey session, CancellationToken cancellationToken) =>
        command.Name switch
        {
            ChatCommand.Status => await StatusAsync(session, cancellationToken),
            ChatCommand.Model when command.Rest.Length > 0 => await SetModelAsync(command.Rest, session, cancellationToken),
            ChatCommand.Model => await ListModelsAsync(session, cancellationToken),
            ChatCommand.Stop => "Stopped.",
            _ => "These commands work here:\n\n" + string.Join('\n', ChatCommand.All.Select(c => $"- /{c.Name}: {c.Description}"))
                + "\n\nWhatever else you write goes to the agent.",
        };

    private async Task<string> StatusAsync(SessionKey session, CancellationToken cancellationToken)
    {
        var head = await sessions.FindAsync(session, cancellationToken);
        var agent = agents.Find(session.Agent) ?? agents.Default;
        var turns = head is null or { IsEmpty: true } ? "new" : "under way";
        return $"Agent: **{agent.Name ?? agent.Id}**\nModel: `{ModelOf(agent, head?.Model)}`\nConversation: {turns}";
    }

    private async Task<string> ListModelsAsync(SessionKey session, CancellationToken cancellationToken)
    {
        var head = await sessions.FindAsync(session, cancellationToken);
        var listed = models.List().Select(m => $"- `{m.Reference}`").Take(MostModels).ToList();
        var list = listed.Count == 0 ? "" : "\n\nOthers by `/model` and a name:\n\n" + string.Join('\n', listed);
        return $"The model here is `{ModelOf(agents.Find(session.Agent) ?? agents.Default, head?.Model)}`.{list}";
    }

    private async Task<string> SetModelAsync(string asked, SessionKey session, CancellationToken cancellationToken)
    {
        var isOwn = asked.Equals("default", StringComparison.OrdinalIgnoreCase);
        if (asked.Length > 256 || asked.Any(char.IsControl) || (!isOwn && models.Find(asked) is null))
        {
            return "There is no such model. `/model` lists those that can be chosen.";
        }

        await using var turn = await sessions.BeginNewTurnAsync(session, BusyWait, cancellationToken);
        await turn.ChangeAsync(head => head.Set("Model", isOwn ? null : asked), cancellationToken);
        return isOwn ? "This conversation uses its agent's model again." : $"This conversation now uses `{asked}`.";
    }

    private string ModelOf(Agent agent, string? own) => own ?? (agent.Models.Count > 0 ? agent.Models[0] : models.DefaultReference);
}
