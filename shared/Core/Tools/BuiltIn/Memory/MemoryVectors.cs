using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Storage;
using OpenClaw.Tools.Workspace;
using OpenClaw.Usage;

namespace OpenClaw.Tools.BuiltIn.Memory;

/// <summary>Embeddings of the pieces of Markdown files: blobs <c>&lt;agent&gt;/vectors/&lt;path&gt;</c> beside the files, made when a tool
/// writes a file, and for files that came otherwise when they are searched. Only where <c>memory.search</c> names a provider and a model.
/// The tokens are counted on the caller.</summary>
internal sealed partial class MemoryVectors(
    GatewayStorage storage, ModelCatalog models, BudgetGuard budgets, UsageLedger usage, GatewayConfigStore config,
    ILogger<MemoryVectors> logger)
{
    private const int MaxBlob = 32 * 1024 * 1024;

    private const int BatchTexts = 64;

    private BlobContainer Container => storage.Container(WorkspaceStore.ContainerName);

    /// <summary>The model; null where none is configured.</summary>
    public EmbeddingTarget? FindModel() =>
        config.Current.Memory.Search is { Provider: not null, Model: not null } ? models.FindEmbedding() : null;

    /// <summary>Makes the vectors of a file that was just written. A failure is left to the next search.</summary>
    public async Task NoteAsync(ToolContext context, WorkspaceEntry entry, string text, CancellationToken cancellationToken)
    {
        if (!IsMemory(entry.Path) || FindModel() is not { } model)
        {
            return;
        }

        try
        {
            await ReadAsync(context, model, entry, MemoryChunk.Split(entry.Path, text), cancellationToken);
        }
        catch (GatewayException failure)
        {
            LogNotMade(entry.Path, failure.Error.Code);
        }
    }

    /// <summary>Forgets the vectors of a file that was deleted.</summary>
    public async Task ForgetAsync(string agent, string path, CancellationToken cancellationToken)
    {
        if (IsMemory(path))
        {
            await Container.DeleteAsync(NameOf(agent, path), cancellationToken);
        }
    }

    /// <summary>The vectors of a file's pieces, as they are stored, or made now.</summary>
    /// <exception cref="GatewayException"><c>402</c>, <c>429</c>, upstream failures, <c>503 storage_unavailable</c>.</exception>
    public async Task<IReadOnlyList<float[]>> ReadAsync(
        ToolContext context, EmbeddingTarget model, WorkspaceEntry entry, IReadOnlyList<MemoryChunk> chunks,
        CancellationToken cancellationToken)
    {
        var name = NameOf(context.Agent.Id, entry.Path);
        if (await Container.ReadVersionAsync(name, MaxBlob, cancellationToken) is (_, { } content)
            && JsonSerializer.Deserialize(content, ToolsJson.Default.StoredVectors) is { } stored
            && stored.ETag == entry.ETag && stored.Model == model.Reference && stored.Vectors.Count == chunks.Count)
        {
            return [.. stored.Vectors.Select(bytes => MemoryMarshal.Cast<byte, float>(bytes).ToArray())];
        }

        var vectors = await EmbedAsync(context, model, [.. chunks.Select(chunk => chunk.Text)], cancellationToken);
        var document = new StoredVectors(
            entry.ETag, model.Reference, [.. vectors.Select(vector => MemoryMarshal.AsBytes(vector.AsSpan()).ToArray())]);
        await Container.UploadAsync(
            name, JsonSerializer.SerializeToUtf8Bytes(document, ToolsJson.Default.StoredVectors), "application/json", overwrite: true,
            cancellationToken);
        return vectors;
    }

    /// <summary>Vectors of texts.</summary>
    /// <exception cref="GatewayException">As <see cref="ReadAsync"/>.</exception>
    public async Task<IReadOnlyList<float[]>> EmbedAsync(
        ToolContext context, EmbeddingTarget model, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var vectors = new List<float[]>(texts.Count);
        foreach (var batch in texts.Chunk(BatchTexts))
        {
            await budgets.CheckAsync(context.Agent.Id, context.Caller, cancellationToken);
            var made = await model.Generator.GenerateAsync(batch, null, cancellationToken);
            var cost = models.List().FirstOrDefault(m => m.Reference == model.Reference)?.Info.Cost;
            usage.Count(
                context.Caller, context.Agent.Id, context.Session, model.Reference,
                UsageTotals.OfRun(RunUsage.OfInput(made.Usage?.InputTokenCount, batch), cost));
            vectors.AddRange(made.Select(vector => vector.Vector.ToArray()));
        }

        return vectors;
    }

    /// <summary>Cosine of the angle between two vectors: -1 to 1; 0 for vectors of another length.</summary>
    public static double Likeness(float[] one, float[] other)
    {
        if (one.Length != other.Length)
        {
            return 0;
        }

        var (product, first, second) = (0.0, 0.0, 0.0);
        for (var i = 0; i < one.Length; i++)
        {
            product += one[i] * (double)other[i];
            first += one[i] * (double)one[i];
            second += other[i] * (double)other[i];
        }

        return first > 0 && second > 0 ? product / Math.Sqrt(first * second) : 0;
    }

    public static bool IsMemory(string path) => path.EndsWith(".md", StringComparison.OrdinalIgnoreCase);

    private static string NameOf(string agent, string path) => $"{agent}/vectors/{path}";

    [LoggerMessage(Level = LogLevel.Warning, Message = "The embeddings of {Path} could not be made yet: {Code}")]
    private partial void LogNotMade(string path, string code);
}

/// <param name="ETag">The version of the file.</param>
/// <param name="Vectors">Of its pieces, in order: little-endian floats.</param>
internal sealed record StoredVectors(string ETag, string Model, IReadOnlyList<byte[]> Vectors);
