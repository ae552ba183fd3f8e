using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Media;
using OpenClaw.Storage;

namespace OpenClaw.Tools.Workspace;

/// <summary>The files of agents: blobs of the container <c>workspaces</c>, <c>&lt;agent&gt;/files/&lt;path&gt;</c>, so that an operator
/// can bring files and look at them with the usual tools. All who may run an agent share its workspace.</summary>
public sealed class WorkspaceStore(GatewayStorage storage, GatewayConfigStore config)
{
    public const string ContainerName = "workspaces";

    /// <summary>As the version to replace: there must be no such file yet.</summary>
    public const string NoFile = "none";

    /// <summary>Writes of one agent go one by one, so that its quota holds on this instance; another instance may go beyond it by one
    /// file.</summary>
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _writes = new(StringComparer.Ordinal);

    private BlobContainer Container => storage.Container(ContainerName);

    private WorkspaceSection Limits => config.Current.Tools.Fs;

    /// <summary>Null when there is no such file.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<WorkspaceFile?> ReadAsync(string agent, WorkspacePath path, CancellationToken cancellationToken) =>
        await Container.ReadVersionAsync(NameOf(agent, path), Limits.MaxFileBytes, cancellationToken) is var (version, content)
            ? new WorkspaceFile(ToEntry(agent, version), content)
            : null;

    /// <summary>All files in a folder and the folders in it, ordered by path. Blobs whose name is no path of a workspace are left
    /// out.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async IAsyncEnumerable<WorkspaceEntry> ListAsync(
        string agent, WorkspacePath folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = folder.IsRoot ? Prefix(agent) : NameOf(agent, folder) + "/";
        await foreach (var version in Container.ListAsync(prefix, cancellationToken))
        {
            if (ToEntry(agent, version) is var entry && WorkspacePath.Find(entry.Path) is not null)
            {
                yield return entry;
            }
        }
    }

    /// <summary>Creates a file or replaces it.</summary>
    /// <param name="etag">The version to replace; <see cref="NoFile"/> for none; null replaces whatever is there.</param>
    /// <param name="stamp">Names the write, so that it can be repeated: letters and digits.</param>
    /// <exception cref="ToolException">Another version is there, or the file is too large, or the workspace is full.</exception>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<WorkspaceEntry> WriteAsync(
        string agent, WorkspacePath path, ReadOnlyMemory<byte> content, string? etag, string stamp, CancellationToken cancellationToken)
    {
        if (content.Length > Limits.MaxFileBytes)
        {
            throw new ToolException($"The file would have {content.Length} bytes; a file may have {Limits.MaxFileBytes}.");
        }

        var gate = _writes.GetOrAdd(agent, static _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken);
        try
        {
            await CheckQuotaAsync(agent, path, content.Length, cancellationToken);
            var version = await Container.WriteVersionAsync(
                NameOf(agent, path), content, TypeOf(path), etag == NoFile ? BlobContainer.Absent : etag, stamp, cancellationToken);
            return ToEntry(agent, version);
        }
        catch (StorageException refused) when (refused.Status is 409 or 412)
        {
            throw OtherVersion(path, etag == NoFile);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>False when there is no such file.</summary>
    /// <param name="etag">The version to delete; null deletes any.</param>
    /// <exception cref="ToolException">Another version is there.</exception>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<bool> DeleteAsync(string agent, WorkspacePath path, string? etag, CancellationToken cancellationToken)
    {
        try
        {
            return await Container.DeleteVersionAsync(NameOf(agent, path), etag, cancellationToken);
        }
        catch (StorageException refused) when (refused.Status is 409 or 412)
        {
            throw OtherVersion(path, mustBeAbsent: false);
        }
    }

    private async Task CheckQuotaAsync(string agent, WorkspacePath path, int bytes, CancellationToken cancellationToken)
    {
        var (files, sum) = (1, (long)bytes);
        await foreach (var version in Container.ListAsync(Prefix(agent), cancellationToken))
        {
            if (version.Name != NameOf(agent, path))
            {
                (files, sum) = (files + 1, sum + version.Bytes);
            }
        }

        if (files > Limits.MaxFiles)
        {
            throw new ToolException($"The workspace is full: it may hold {Limits.MaxFiles} files. Delete some first.");
        }

        if (sum > Limits.MaxBytes)
        {
            throw new ToolException($"The workspace is full: it may hold {Limits.MaxBytes} bytes. Delete some files first.");
        }
    }

    private static ToolException OtherVersion(WorkspacePath path, bool mustBeAbsent) => new(mustBeAbsent
        ? $"The file '{path}' exists already."
        : $"The file '{path}' is not the version of that etag any more; read it again.");

    private static string TypeOf(WorkspacePath path) =>
        FileTypes.Expect(null, path.Value) is { } type && (MediaTypes.IsText(type) || FileTypes.IsImage(type)) ? type : FileTypes.Text;

    private static WorkspaceEntry ToEntry(string agent, BlobVersion version) =>
        new(version.Name[Prefix(agent).Length..], version.Bytes, version.ETag, version.ModifiedAt);

    private static string Prefix(string agent) => $"{agent}/files/";

    private static string NameOf(string agent, WorkspacePath path) => Prefix(agent) + path.Value;
}
