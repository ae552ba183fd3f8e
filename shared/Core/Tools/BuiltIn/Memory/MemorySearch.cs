using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Media;
using OpenClaw.Media.Documents;
using OpenClaw.Models;
using OpenClaw.Security;
using OpenClaw.Text;
using OpenClaw.Tools.Workspace;

namespace OpenClaw.Tools.BuiltIn.Memory;

/// <summary><c>memory_search</c>: pieces of the workspace's Markdown files that fit a question: by embeddings where a model is configured
/// and answers, else by words. The result says which.</summary>
internal sealed class MemorySearch(WorkspaceStore workspace, MemoryVectors vectors) : BuiltInTool(
    "memory_search", "group:memory", isRepeatable: true,
    "Finds what the Markdown files of the workspace say about something. Answers with pieces and where they are; memory_get reads more.",
    """
    {"type":"object","properties":{
      "query":{"type":"string","description":"What to look for"},
      "maxResults":{"type":"integer","minimum":1,"maximum":50,"description":"Most pieces, 6 by default"}},
     "required":["query"],"additionalProperties":false}
    """)
{
    private const int MaxQuery = 1_000;

    private const int MaxSnippet = 700;

    /// <summary>Files and bytes that one search reads.</summary>
    private const int MaxFiles = 500;

    private const long MaxBytes = 8 * 1024 * 1024;

    protected override async Task<ToolResult> RunAsync(ToolCall call, ToolInput input, CancellationToken cancellationToken)
    {
        var query = input.Text("query", MaxQuery);
        var most = input.Whole("maxResults", 6, 1, 50);
        var (files, isPartial) = await ReadAsync(call.Context.Agent.Id, cancellationToken);
        var chunks = files.SelectMany(file => file.Chunks).ToList();
        var model = chunks.Count > 0 && !string.IsNullOrWhiteSpace(query) ? vectors.FindModel() : null;
        var (scores, note) = model is null ? (KeywordScores.Of(query, chunks), null)
            : await ScoreAsync(call.Context, model, query, files, chunks, cancellationToken);
        var results = chunks.Zip(scores).Where(found => found.Second > 0).OrderByDescending(found => found.Second).Take(most).Select(
            found => new MemoryHit(found.First.Path, found.First.FromLine, found.First.ToLine, Math.Round(found.Second, 4),
                Utf16.Head(found.First.Text, MaxSnippet)));
        var isByWords = model is null || note is not null;
        return ToolResult.Of(UntrustedText.Clean(JsonSerializer.Serialize(
            new MemoryHits([.. results], isByWords ? "keywords" : "embeddings")
            {
                Model = isByWords ? null : model!.Reference,
                Note = note,
                IsPartial = isPartial ? true : null,
            },
            ToolsJson.Default.MemoryHits)));
    }

    /// <summary>By embeddings; by words when the model does not answer, which the note says.</summary>
    private async Task<(IReadOnlyList<double> Scores, string? Note)> ScoreAsync(
        ToolContext context, EmbeddingTarget model, string query, IReadOnlyList<MemoryFile> files, List<MemoryChunk> chunks,
        CancellationToken cancellationToken)
    {
        try
        {
            var asked = (await vectors.EmbedAsync(context, model, [query], cancellationToken))[0];
            var scores = new List<double>(chunks.Count);
            foreach (var file in files)
            {
                var made = await vectors.ReadAsync(context, model, file.Entry, file.Chunks, cancellationToken);
                scores.AddRange(made.Select(vector => MemoryVectors.Likeness(asked, vector)));
            }

            return (scores, null);
        }
        catch (GatewayException failure)
        {
            return (KeywordScores.Of(query, chunks), $"searched by words, because embeddings failed: {failure.Error.Code}");
        }
    }

    private async Task<(IReadOnlyList<MemoryFile> Files, bool IsPartial)> ReadAsync(string agent, CancellationToken cancellationToken)
    {
        var files = new List<MemoryFile>();
        var bytes = 0L;
        await foreach (var entry in workspace.ListAsync(agent, WorkspacePath.Root, cancellationToken))
        {
            if (!MemoryVectors.IsMemory(entry.Path))
            {
                continue;
            }

            if (files.Count == MaxFiles || bytes + entry.Bytes > MaxBytes)
            {
                return (files, true);
            }

            if (await workspace.ReadAsync(agent, WorkspacePath.OfFile(entry.Path), cancellationToken) is { Content: { } content } file
                && Decode(content) is { } text)
            {
                bytes += entry.Bytes;
                files.Add(new MemoryFile(file.Entry, MemoryChunk.Split(entry.Path, text)));
            }
        }

        return (files, false);
    }

    private static string? Decode(byte[] content)
    {
        try
        {
            return TextDecoder.Decode(content, charset: null, isHtml: false);
        }
        catch (MediaException)
        {
            return null; // not text, whatever its name says
        }
    }

    private sealed record MemoryFile(WorkspaceEntry Entry, IReadOnlyList<MemoryChunk> Chunks);
}

/// <param name="Mode"><c>embeddings</c> or <c>keywords</c>.</param>
internal sealed record MemoryHits(IReadOnlyList<MemoryHit> Results, string Mode)
{
    public string? Model { get; init; }

    public string? Note { get; init; }

    /// <summary>True when there are more files than one search reads.</summary>
    public bool? IsPartial { get; init; }
}

/// <param name="Score">Higher fits better; of one mode only comparable.</param>
internal sealed record MemoryHit(string Path, int StartLine, int EndLine, double Score, string Snippet);
