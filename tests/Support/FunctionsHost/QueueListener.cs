using System.Text.Json;
using OpenClaw.Storage;
using OpenClaw.Tests.Support.Protocol;

namespace OpenClaw.Tests.Support;

/// <summary>
/// Fires queue triggers as the host's extension does: a message that is taken is hidden for 10 minutes, deleted when its function
/// succeeded,
/// shown again after <c>visibilityTimeout</c> when it failed or its worker died, and moved to the poison queue after <c>maxDequeueCount</c>
/// deliveries. A host that drains gives nothing back: what its functions hold stays hidden. Source: measured with extension 5.3.10.
/// </summary>
internal sealed class QueueListener(FunctionsHost host, QueueSettings settings, IReadOnlyDictionary<string, string> environment)
{
    private static readonly TimeSpan Hidden = TimeSpan.FromMinutes(10);

    /// <summary>Listens for every queue trigger of the functions until the token ends.</summary>
    public async Task RunAsync(IEnumerable<RpcFunctionMetadata> functions, CancellationToken cancellationToken)
    {
        var triggers = functions.SelectMany(static f => f.RawBindings, static (f, text) => (f.Name, Binding: JsonElement.Parse(text)))
            .Where(static t => t.Binding.GetProperty("type").GetString() == "queueTrigger");
        await Task.WhenAll(triggers.Select(t => ListenAsync(t.Name, t.Binding, cancellationToken)));
    }

    private async Task ListenAsync(string function, JsonElement binding, CancellationToken cancellationToken)
    {
        // A binding that names a setting or connection which is not there: the host logs an error, and that function never runs.
        if (!environment.TryGetValue(binding.GetProperty("connection").GetString()!, out var connection)
            || !environment.TryGetValue(binding.GetProperty("queueName").GetString()!.Trim('%'), out var name)
            || name.Length == 0)
        {
            return;
        }

        using var account = StorageAccount.Parse(connection);
        var (queue, poison) = (account.Queue(name), account.Queue(name + "-poison"));
        using var places = new SemaphoreSlim(settings.BatchSize + settings.NewBatchThreshold);
        var parameter = binding.GetProperty("name").GetString()!;
        while (!cancellationToken.IsCancellationRequested)
        {
            IReadOnlyList<QueueMessage> messages = [];
            try
            {
                messages = await queue.ReceiveAsync(settings.BatchSize, Hidden, cancellationToken);
                foreach (var message in messages)
                {
                    await places.WaitAsync(cancellationToken);
                    _ = ProcessAsync(message);
                }
            }
            catch (Exception failure) when (failure is StorageException or OperationCanceledException)
            {
                // Asked again below.
            }

            if (messages.Count == 0)
            {
                await Task.Delay(settings.MaxPollingInterval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        async Task ProcessAsync(QueueMessage message)
        {
            var succeeded = false;
            try
            {
                var invocation = await host.FireQueueAsync(function, parameter, message.Text, message.DequeueCount);
                succeeded = (await invocation.Result.WaitAsync(Hidden, cancellationToken)).Status == StatusResult.Types.Status.Success;
            }
            catch (OperationCanceledException)
            {
                return; // drains: the message stays hidden
            }
            catch (Exception)
            {
                // Its worker died.
            }
            finally
            {
                places.Release();
            }

            try
            {
                await SettleAsync(queue, poison, message, succeeded);
            }
            catch (StorageException)
            {
                // Seen again when its time is over.
            }
        }
    }

    private async Task SettleAsync(StorageQueue queue, StorageQueue poison, QueueMessage message, bool succeeded)
    {
        if (succeeded)
        {
            await queue.DeleteAsync(message.Id, message.PopReceipt, CancellationToken.None);
        }
        else if (message.DequeueCount < settings.MaxDequeueCount)
        {
            await queue.UpdateAsync(message.Id, message.PopReceipt, null, settings.VisibilityTimeout, CancellationToken.None);
        }
        else
        {
            await poison.SendAsync(message.Text, null, Timeout.InfiniteTimeSpan, CancellationToken.None);
            await queue.DeleteAsync(message.Id, message.PopReceipt, CancellationToken.None);
        }
    }
}
