using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Hooks;

/// <summary>Calls of other systems below <c>hooks.path</c>.
/// <code>
/// (1) switched on? ─► (2) path ─► (3) proof and body ─► (4) wake, agent, or what the mapping makes of it ─► (5) accept ─► (6) answer
/// </code></summary>
public sealed class HooksHandler(
    HookGate gate, HookMappings mappings, HookActions actions, HookWaiting waiting, HookLog log, GatewayConfigStore config,
    TimeProvider time)
{
    /// <summary>What a mapping of all paths is called in the log of calls.</summary>
    private const string AnyPath = "*";

    /// <summary>Whether a path is below <c>hooks.path</c>, for a path that has no route of its own.</summary>
    public bool Serves(HttpRequest request) => HookPath.IsBelow(config.Current.Hooks, request.Path);

    /// <exception cref="GatewayException"><c>404</c>, <c>405</c>, <c>401</c>, <c>429</c>, <c>413</c>, <c>408</c>, <c>400</c>, <c>422
    /// idempotency_mismatch</c>, <c>500 transform_failed</c>, <c>503</c>.</exception>
    public async Task<IResult> ReceiveAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        PathTable.Declare(request.HttpContext, Surface.Tools);
        var hooks = config.Current.Hooks;
        if (!hooks.Enabled) // (1)
        {
            throw new GatewayException(GatewayError.NotFound());
        }

        var path = HookPath.Read(hooks, request.Path); // (2)
        if (!HttpMethods.IsPost(request.Method))
        {
            request.HttpContext.Response.Headers.Allow = HttpMethods.Post;
            throw new GatewayException(GatewayError.MethodNotAllowed(HttpMethods.Post));
        }

        ProvenHook proven;
        try
        {
            proven = await gate.LetInAsync(request, hooks, path, cancellationToken); // (3)
        }
        catch (GatewayException refused) when (refused.Error.Status is 401 or 429)
        {
            log.NoteRefused();
            throw;
        }

        var name = proven.Mapping is { } owner ? owner.Id ?? owner.MatchPath ?? owner.MatchSource ?? AnyPath : path.Name;
        try
        {
            var answer = path.Name switch
            {
                HookPath.Wake => await WakeAsync(request, hooks, path, proven, cancellationToken),
                HookPath.Agent => await StartAsync(request, hooks, path, proven, cancellationToken),
                _ => await MapAsync(request, hooks, path, proven, cancellationToken),
            };
            log.NoteCall(name);
            return answer;
        }
        catch (GatewayException failure)
        {
            log.NoteFailure(name, failure.Error);
            throw;
        }
    }

    private async Task<IResult> WakeAsync(
        HttpRequest request, HooksSection hooks, HookPath path, ProvenHook proven, CancellationToken cancellationToken)
    {
        var ask = JsonBody.Parse(proven.Body, HooksJson.Default.WakeRequest);
        var isNew = await actions.WakeAsync(
            hooks, ask, isMapped: false, hasOwnersKey: false, KeyOf(request, hooks, path, proven, null), cancellationToken);
        return Woken(ask.Mode, isNew);
    }

    private async Task<IResult> StartAsync(
        HttpRequest request, HooksSection hooks, HookPath path, ProvenHook proven, CancellationToken cancellationToken)
    {
        var ask = JsonBody.Parse(proven.Body, HooksJson.Default.AgentRequest);
        var key = KeyOf(request, hooks, path, proven, ask.IdempotencyKey);
        var runId = await actions.StartAsync(hooks, ask, null, hasOwnersKey: false, key, cancellationToken);
        return ask.WaitForResult == true ? await waiting.WaitAsync(runId, cancellationToken) : Started(new StartedAnswer(true, runId));
    }

    private async Task<IResult> MapAsync(
        HttpRequest request, HooksSection hooks, HookPath path, ProvenHook proven, CancellationToken cancellationToken)
    {
        var mapping = proven.Mapping!;
        using var payload = JsonBody.Parse(proven.Body, HooksJson.Default.JsonDocument);
        var hook = request.ToHookEvent(path.Name, payload.RootElement, time.GetUtcNow());
        var made = mappings.Apply(hooks, mapping, hook, cancellationToken); // (4)
        var key = KeyOf(request, hooks, path, proven, null);
        var (runIds, wakes, areNew) = (new List<string>(), 0, false);
        for (var i = 0; i < made.Count; i++) // (5)
        {
            var own = made.Count == 1 ? key : key?.Of(i);
            if (made[i].Agent is { } agent)
            {
                runIds.Add(await actions.StartAsync(hooks, agent, mapping, made[i].HasOwnersKey, own, cancellationToken));
            }
            else
            {
                areNew |= await actions.WakeAsync(hooks, made[i].Wake!, true, made[i].HasOwnersKey, own, cancellationToken);
                wakes++;
            }
        }

        return (runIds.Count, wakes) switch // (6)
        {
            (0, 0) => TypedResults.NoContent(),
            (0, _) => Woken(made[0].Wake!.Mode, areNew),
            _ => Started(new StartedAnswer(true, runIds[0])
            {
                RunIds = mapping.ForEach is null ? null : runIds,
                Dispatched = mapping.ForEach is null ? null : runIds.Count,
            }),
        };
    }

    /// <summary>A signed event is known by its sender's id, other calls by the idempotency key that they carry.</summary>
    private static HookKey? KeyOf(HttpRequest request, HooksSection hooks, HookPath path, ProvenHook proven, string? inBody)
    {
        var route = "POST " + path.Name.ToLowerInvariant();
        if (proven.Event is { } signed)
        {
            var id = signed.Id ?? HookActions.HashOf(proven.Body);
            return new HookKey("signed " + proven.Mapping!.Signature!.Scheme, $"{route} {proven.Mapping.Id}", id, "");
        }

        return IdempotentRequests.ReadKey(request, inBody) is not { } key ? null
            : new HookKey(
                Secret.HashName("hook token", hooks.Token ?? ""), route, key, path.IsBuiltIn ? null : HookActions.HashOf(proven.Body));
    }

    private static JsonResult<WokenAnswer> Woken(string? mode, bool isNew) => new(
        new WokenAnswer(true, HookActions.ModeOf(mode, "mode"), isNew ? "queued" : "coalesced"), HooksJson.Default.WokenAnswer);

    private static JsonResult<StartedAnswer> Started(StartedAnswer answer) => new(answer, HooksJson.Default.StartedAnswer);
}
