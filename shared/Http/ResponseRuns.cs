using Microsoft.AspNetCore.Http;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Responses;
using OpenClaw.Runs;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Http;

/// <summary>A response request, ready to run.</summary>
/// <param name="Empty">The resource before any output.</param>
public sealed record ResponseRun(RunRequest Run, Response Empty, bool Stream);

/// <summary>Makes runs of response requests: whose turn it is, in which session, after which conversation.</summary>
public sealed class ResponseRuns(
    RunEngine runs, AgentCatalog agents, ResponseStore responses, GatewayConfigStore config, TimeProvider time)
{
    private const string Surface = "openresponses";

    /// <param name="recall">Finds responses that only this connection knows; null where there are none.</param>
    /// <exception cref="GatewayException"><c>400</c>, <c>404 model_not_found</c>, <c>404 previous_response_not_found</c>.</exception>
    public async Task<ResponseRun> PrepareAsync(
        HttpRequest request, CreateResponseRequest body, Func<string, IReadOnlyList<ConversationItem>?>? recall, CancellationToken cancellationToken)
    {
        var caller = request.RequireCaller();
        body = request.IsIncognito() ? body with { Store = false } : body;
        var selection = request.ReadSelection(caller, body.Model);
        var input = InputTranslation.ToItems(body.Input);
        var remembered = body.PreviousResponseId is { } known ? recall?.Invoke(known) : null;
        var previous = body.PreviousResponseId is { } id && remembered is null
            ? await responses.FindAsync(id, caller, cancellationToken) ?? throw NotFound(id)
            : null;
        var agent = agents.Find(selection.Agent ?? previous?.Session.Agent) ?? throw new GatewayException(GatewayError.ModelNotFound(selection.Requested));
        if (previous is not null && agent.Id != previous.Session.Agent)
        {
            throw NotFound(body.PreviousResponseId!);
        }

        selection = selection with { Agent = agent.Id };
        var store = body.Store ?? true;
        var named = request.ReadSession(caller, agent.Id, Surface, body.User);
        if (previous is not null && named is not null && named != previous.Session && (body.User is null || body.User != previous.User))
        {
            throw NotFound(body.PreviousResponseId!);
        }

        // A branch of a user's session has a session of its own, and its continuations stay there.
        var session = named is not null && (previous is null || named == previous.Session)
            ? named
            : await ChooseSessionAsync(caller, agent.Id, previous, store, cancellationToken);
        var responseId = ResponseId.New(session?.Partition ?? SessionStore.Unnamed(caller, agent.Id, Surface).Partition);
        var template = ResponseTemplate.Create(body, responseId.ToString(), time.GetUtcNow().ToUnixTimeSeconds(), selection.Requested);
        var isChain = named is null || previous is not null;
        var user = body.User ?? previous?.User;
        var run = new RunRequest
        {
            RunId = RandomId.Run(),
            Caller = caller,
            Selection = selection,
            Session = session,
            Input = input,
            InputParam = "input",
            Instructions = body.Instructions,
            History = remembered ?? (previous is not null ? await responses.ReadConversationAsync(previous, cancellationToken) : named is null ? [] : null),
            KeepsSystemMessages = isChain,
            Document = session is null || !store ? null : (outcome, own) => ResponseStore.ToDocument(
                new ResponseAssembler(template.Empty, time).ToResponse([.. outcome.Output.Select(i => i.ToResponseItem())], outcome.End),
                session, user, previous?.Chain ?? [], outcome, own),
            Tools = template.Tools,
            ToolChoice = template.ToolChoice,
            MaxToolCalls = body.MaxToolCalls,
            EnforcesToolChoice = true,
            Options = template.Options,
            Limit = config.Current.Agents.Defaults.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : RunRequest.DefaultLimit,
        };
        runs.Plan(run);
        return new ResponseRun(run, template.Empty, body.Stream == true);
    }

    /// <summary>What is stored needs a session. A chain goes on in its own, unless a run holds that just now: then the new
    /// response branches off into another.</summary>
    private async Task<SessionKey?> ChooseSessionAsync(
        Caller caller, string agent, StoredResponse? previous, bool store, CancellationToken cancellationToken)
    {
        if (!store)
        {
            return null;
        }

        return previous is null || await responses.IsHeldAsync(previous.Session, cancellationToken)
            ? SessionStore.Unnamed(caller, agent, Surface)
            : previous.Session;
    }

    private static GatewayException NotFound(string id) => new(GatewayError.PreviousResponseNotFound(id));
}
