using Microsoft.Extensions.AI;
using OpenClaw.Agents;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Runs.Context;
using OpenClaw.Sessions;

namespace OpenClaw.Runs;

/// <summary>One answer of one model, pulled update by update, so that failures arrive as values an iterator can yield on.
/// While nothing has been said, the next model of the list takes over from one that fails.</summary>
internal sealed class ModelAnswer(
    IReadOnlyList<ModelTarget> targets, Agent agent, RunRequest request, IReadOnlyList<ConversationItem> input,
    CancellationToken stop, CancellationToken lost, CancellationToken cancelled, CancellationToken caller) : IAsyncDisposable
{
    private IAsyncEnumerator<ChatResponseUpdate>? _updates;

    /// <summary>The model that answers.</summary>
    public ModelTarget Target { get; private set; } = targets[0];

    /// <summary>What came last; null at the end.</summary>
    public ChatResponseUpdate? Current { get; private set; }

    /// <summary>Asks until a model begins to answer.</summary>
    /// <returns>Why none did, or null.</returns>
    public async Task<GatewayError?> StartAsync(IReadOnlyList<ConversationItem> history)
    {
        var messages = Prompt.ToMessages(Prompt.SystemPrompt(agent, request, history), [.. history, .. input]);
        var options = request.Options;
        options.Tools = [.. request.Tools.Where(t => request.MayCall(t.Name))];
        options.ToolMode = options.Tools.Count > 0 ? request.ToolChoice.ToToolMode() : null;
        GatewayError? failure = null;
        if (cancelled.IsCancellationRequested)
        {
            return GatewayError.RunCancelled();
        }

        foreach (var target in targets)
        {
            Target = target;
            await DisposeAsync();
            _updates = target.Client.GetStreamingResponseAsync(messages, options, stop).GetAsyncEnumerator(stop);
            failure = await NextAsync();
            if (failure is null || !CanFallBack(failure))
            {
                return failure;
            }
        }

        return failure;
    }

    /// <summary>Moves to the next update.</summary>
    /// <returns>Why there is none although the answer is not over, or null.</returns>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public async Task<GatewayError?> NextAsync()
    {
        try
        {
            Current = await _updates!.MoveNextAsync() ? _updates.Current : null;
            return null;
        }
        catch (GatewayException failure)
        {
            Current = null;
            return failure.Error;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !caller.IsCancellationRequested)
        {
            Current = null;
            return WhyStopped(lost, cancelled);
        }
    }

    /// <summary>Why a run had to end that its caller still waits for.</summary>
    public static GatewayError WhyStopped(CancellationToken lost, CancellationToken cancelled) =>
        lost.IsCancellationRequested ? GatewayError.SessionLost()
        : cancelled.IsCancellationRequested ? GatewayError.RunCancelled()
        : GatewayError.RunTimeout();

    public async ValueTask DisposeAsync()
    {
        if (_updates is not null)
        {
            await _updates.DisposeAsync();
            _updates = null;
        }
    }

    /// <summary>Another model may do better unless the request itself is at fault.</summary>
    private static bool CanFallBack(GatewayError failure) => failure.Status is 429 or >= 500;
}
