using Xunit;

namespace OpenClaw.Tests.Support;

/// <summary>Real connections that know how many requests have no answer yet.</summary>
public sealed class CallsInFlight() : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    private readonly Lock _lock = new();
    private int _count;
    private TaskCompletionSource _none = Completed();

    /// <summary>Waits until every request has been answered.</summary>
    public Task WaitForNoneAsync()
    {
        lock (_lock)
        {
            return _none.Task.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _none = _count++ == 0 ? new(TaskCreationOptions.RunContinuationsAsynchronously) : _none;
        }

        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            lock (_lock)
            {
                if (--_count == 0)
                {
                    _none.SetResult();
                }
            }
        }
    }

    private static TaskCompletionSource Completed()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }
}
