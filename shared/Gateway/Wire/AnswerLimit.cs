using OpenClaw.Configuration;
using OpenClaw.Errors;

namespace OpenClaw.Gateway.Wire;

/// <summary>Cuts JSON answers before the platform's front end would.</summary>
public static class AnswerLimit
{
    /// <param name="runId">The durable run behind the answer; null when there is none.</param>
    /// <exception cref="GatewayException"><c>504 run_timeout</c>; a durable run is named.</exception>
    public static async Task<T> RunAsync<T>(
        HostTraits host, TimeProvider time, string? runId, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(host.AnswerLimit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await run(limit.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new GatewayException(GatewayError.RunTimeout(runId));
        }
    }
}
