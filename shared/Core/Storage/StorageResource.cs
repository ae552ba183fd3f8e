using OpenClaw.Text;

namespace OpenClaw.Storage;

/// <summary>A table, container or queue. A write that does not find it creates it and is sent again; reads see a missing one as empty.
/// Every
/// failure that a method does not describe is a <see cref="StorageException"/>.</summary>
public abstract class StorageResource
{
    private readonly StorageFailures _failures;
    private readonly string _missing;
    private readonly string _target;

    private protected StorageResource(string kind, string name, string missing, StorageFailures failures)
    {
        (Name, _missing, _failures) = (name, missing, failures);
        _target = $"{kind} '{name}'";
    }

    public string Name { get; }

    private protected bool IsMissing(StorageException failure) => failure.Code == _missing;

    private protected abstract Task CreateAsync(CancellationToken cancellationToken);

    /// <param name="operation">With its preposition, such as <c>get from</c>.</param>
    private protected async Task<T> ReadAsync<T>(string operation, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (StorageFailures.IsFailure(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw _failures.Translate(exception, $"{operation} {_target}");
        }
    }

    /// <inheritdoc cref="ReadAsync"/>
    private protected async Task<T> WriteAsync<T>(string operation, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(operation, call, cancellationToken);
        }
        catch (StorageException missing) when (IsMissing(missing))
        {
            await CreateIfNotExistsAsync(cancellationToken);
        }

        try
        {
            return await ReadAsync(operation, call, cancellationToken);
        }
        catch (StorageException missing) when (IsMissing(missing))
        {
            throw _failures.Unavailable(missing);
        }
    }

    public Task CreateIfNotExistsAsync(CancellationToken cancellationToken) => ReadAsync<object?>(
        "create",
        async () =>
        {
            await CreateAsync(cancellationToken);
            return null;
        },
        cancellationToken);

    /// <summary>The bytes of a body that is read after its call has returned.</summary>
    private protected Stream Translated(Stream content, string operation) =>
        new TranslatedStream(content, exception => _failures.Translate(exception, $"{operation} {_target}"));

    private sealed class TranslatedStream(Stream content, Func<Exception, StorageException> translate) : ReadStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await content.ReadAsync(buffer, cancellationToken);
            }
            catch (Exception exception) when (StorageFailures.IsFailure(exception) && !cancellationToken.IsCancellationRequested)
            {
                throw translate(exception);
            }
        }

        public override async ValueTask DisposeAsync()
        {
            await content.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                content.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
