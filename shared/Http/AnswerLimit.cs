using OpenClaw.Configuration;
using OpenClaw.Runs;

namespace OpenClaw.Http;

/// <summary>Cuts JSON answers before the platform's front end would.</summary>
public static class AnswerLimit
{
    /// <exception cref="GatewayException"><c>504 run_timeout</c>; a durable run is named.</exception>
    public static async Task<T> RunAsync<T>(HostTraits host, RunRequest request, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(host.AnswerLimit);
        try
        {
            return await run(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GatewayException(GatewayError.RunTimeout(request.Session is null ? null : request.RunId));
        }
    }
}
