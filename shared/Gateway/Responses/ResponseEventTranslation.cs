using System.Runtime.CompilerServices;
using OpenClaw.Errors;
using OpenClaw.Gateway.Responses.Wire;
using OpenClaw.Runs;

namespace OpenClaw.Gateway.Responses;

/// <summary>Run events as response events, and their fold as one resource.</summary>
public static class ResponseEventTranslation
{
    public static async IAsyncEnumerable<ResponseEvent> ToResponseEvents(
        this IAsyncEnumerable<RunEvent> events, ResponseAssembler assembler, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var runEvent in events.WithCancellation(cancellationToken))
        {
            foreach (var next in assembler.Add(runEvent))
            {
                yield return next;
            }
        }
    }

    /// <summary>The resource of the terminal event.</summary>
    /// <exception cref="GatewayException">The run failed.</exception>
    public static async Task<Response> ToResponseAsync(this IAsyncEnumerable<ResponseEvent> events, ResponseAssembler assembler, CancellationToken cancellationToken)
    {
        ResponseStateEvent? last = null;
        await foreach (var next in events.WithCancellation(cancellationToken))
        {
            last = next as ResponseStateEvent ?? last;
        }

        return assembler.Failure is { } failure
            ? throw new GatewayException(failure)
            : last?.Response ?? throw new InvalidOperationException("The run had no end.");
    }
}
