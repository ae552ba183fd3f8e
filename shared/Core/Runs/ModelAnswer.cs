using Microsoft.Extensions.AI;
using OpenClaw.Errors;
using OpenClaw.Models;

namespace OpenClaw.Runs;

/// <summary>One answer of one model, read update by update. Failures are values, because an iterator cannot yield inside a <c>catch</c>.
/// As long as there is no output, the next model of the list takes over from one that fails.</summary>
internal sealed class ModelAnswer(IReadOnlyList<ModelTarget> targets, RunStop stop) : IAsyncDisposable
{
    private IAsyncEnumerator<ChatResponseUpdate>? _updates;
    private int _next;

    /// <summary>The model that answers.</summary>
    public ModelTarget Target { get; private set; } = targets[0];

    /// <summary>The latest update; null at the end.</summary>
    public ChatResponseUpdate? Current { get; private set; }

    /// <summary>The call that a model has worked on, whether it ended or not; null as long as every provider refused. Its tokens
    /// count.</summary>
    public (IReadOnlyList<ChatMessage> Messages, ModelOptions Options)? Asked { get; private set; }

    /// <summary>Whether there are models that were not asked yet.</summary>
    public bool HasMore => _next < targets.Count;

    /// <summary>Checks whether the first model takes what the request asks for: a later one that does not is left out.</summary>
    /// <exception cref="GatewayException"><c>400 unsupported_parameter</c>.</exception>
    public static void Check(AdmittedRun run) =>
        run.Targets[0].Check(OptionsOf(run.Targets[0], run.Request.ToModelOptions(sessionEffort: null)));

    /// <summary>Asks one model after the other until one begins to answer.</summary>
    /// <param name="options">Each attempt gets a copy.</param>
    /// <returns>Why none did, or null.</returns>
    public Task<GatewayError?> StartAsync(IReadOnlyList<ChatMessage> messages, ModelOptions options)
    {
        _next = 0;
        return StartWithNextAsync(messages, options);
    }

    /// <summary>The same, with the models that were not asked yet.</summary>
    public async Task<GatewayError?> StartWithNextAsync(IReadOnlyList<ChatMessage> messages, ModelOptions options)
    {
        if (stop.IsCancelled)
        {
            return GatewayError.RunCancelled();
        }

        GatewayError? failure = null;
        while (HasMore)
        {
            Target = targets[_next++];
            await DisposeAsync();
            var own = OptionsOf(Target, options);
            Asked = (messages, own);
            _updates = Target.Client.GetStreamingResponseAsync(ProviderState.Fit(messages, Target), own, stop.Token)
                .GetAsyncEnumerator(stop.Token);
            var earlier = failure;
            failure = await NextAsync();
            if (failure is null || stop.HasReason)
            {
                return failure;
            }

            Asked = null;
            if (earlier is not null && failure.Code == ErrorCode.UnsupportedParameter)
            {
                failure = earlier; // this model cannot do what the request asks for; the failure of the first one counts
                continue;
            }

            if (!CanFallBack(failure))
            {
                return failure;
            }
        }

        return failure;
    }

    /// <summary>Moves to the next update.</summary>
    /// <returns>Why there is none although the answer has not ended, or null.</returns>
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
        catch (OperationCanceledException) when (stop.HasReason)
        {
            Current = null;
            return stop.Why;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_updates is not null)
        {
            await _updates.DisposeAsync();
            _updates = null;
        }
    }

    private static ModelOptions OptionsOf(ModelTarget target, ModelOptions options)
    {
        var own = options.Copy();
        if (own.ReasonsWherePossible && !target.IsKnownToReason)
        {
            (own.ReasoningEffort, own.ReasoningSummary) = (null, null);
        }

        return own;
    }

    /// <summary>Whether another model may succeed: not when the request itself is invalid, or its content is refused.</summary>
    private static bool CanFallBack(GatewayError failure) => failure.Status is 429 or >= 500 || failure.Code == ErrorCode.ModelNotFound;
}
