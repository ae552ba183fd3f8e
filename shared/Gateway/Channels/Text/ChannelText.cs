using System.Text.RegularExpressions;
using OpenClaw.Gateway.Channels.Outbox;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Channels.Text;

/// <summary>An agent's answer, ready to be sent to a platform.
/// <code>
/// Markdown ──► runs of text with styles ──► cut into parts ──► each part in the platform's markup
/// </code></summary>
internal sealed partial class ChannelText
{
    private ChannelText(IReadOnlyList<TextRun> runs, IReadOnlyList<string> files, TextDialect dialect)
    {
        Runs = runs;
        Files = files;
        Dialect = dialect;
    }

    public IReadOnlyList<TextRun> Runs { get; }

    /// <summary>Addresses of the gateway's own files that the answer shows, in their order. They are uploaded, so the text does not name
    /// them.</summary>
    public IReadOnlyList<string> Files { get; }

    public TextDialect Dialect { get; }

    /// <param name="isOwnFile">Whether an address, as written in a Markdown image or behind <c>MEDIA:</c>, is a file of the gateway's
    /// own.</param>
    public static ChannelText Read(string markdown, TextDialect dialect, Func<string, bool>? isOwnFile = null)
    {
        isOwnFile ??= static _ => false;
        var reader = new MarkdownReader(dialect, isOwnFile);
        reader.Read(AsImages(Controls().Replace(Utf16.Repair(markdown), ""), isOwnFile));
        return new(reader.Runs, reader.Files, dialect);
    }

    /// <summary>The messages to send, in order; none when there is no text.</summary>
    public IReadOnlyList<TextPart> Split(TextLimits limits) => new TextChunker(Runs, Dialect, limits).Split();

    /// <summary>The same as messages of the outbox, the files behind the text.</summary>
    public IReadOnlyList<OutboundPart> ToMessages(TextLimits limits) =>
    [
        .. Split(limits).Select(part => new OutboundPart(part.Text, part.Plain)),
        .. Files.Select(file => new OutboundPart("", "") { Media = file }),
    ];

    public IReadOnlyList<TextPart> Split() => Split(Dialect.DefaultLimits);

    /// <summary>Lines <c>MEDIA:&lt;address&gt;</c> outside code, as images.</summary>
    private static string AsImages(string markdown, Func<string, bool> isOwnFile)
    {
        if (!markdown.Contains("MEDIA:", StringComparison.Ordinal))
        {
            return markdown;
        }

        var lines = markdown.Split('\n');
        var isCode = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            isCode ^= line.StartsWith("```", StringComparison.Ordinal) || line.StartsWith("~~~", StringComparison.Ordinal);
            if (!isCode && MediaLine().Match(line) is { Success: true } media && isOwnFile(media.Groups[1].Value))
            {
                lines[i] = $"![](<{media.Groups[1].Value}>)";
            }
        }

        return string.Join('\n', lines);
    }

    [GeneratedRegex("^MEDIA:\\s*`?([^\\s`<>]+)`?$")]
    private static partial Regex MediaLine();

    [GeneratedRegex(@"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]")]
    private static partial Regex Controls();
}
