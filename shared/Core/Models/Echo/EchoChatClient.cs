using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using OpenClaw.Models.Upstream;
using OpenClaw.Text;

namespace OpenClaw.Models.Echo;

/// <summary>
/// The built-in model that needs no provider: it streams the last user text back word by word, calls a tool whose name
/// the text mentions, repeats a tool's result, and fills a requested schema with the smallest valid value. The same
/// request always gets the same answer. Tokens are counted as four characters each.
/// </summary>
internal sealed partial class EchoChatClient(string modelId) : StreamingChatClient
{
    private const int CharsPerToken = 4;

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        EchoFields.Check(options);
        var history = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var responseId = "echo-" + Guid.CreateVersion7().ToString("N");
        var (contents, finish, usage, stop) = Answer(history, options);
        foreach (var content in contents)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Update([content]);
            await Task.Yield();
        }

        cancellationToken.ThrowIfCancellationRequested();
        var last = Update([new UsageContent(usage)]);
        last.FinishReason = finish;
        if (stop is not null)
        {
            last.AdditionalProperties = new AdditionalPropertiesDictionary { [ModelProperties.StopSequence] = stop };
        }

        yield return last;

        ChatResponseUpdate Update(List<AIContent> contents) =>
            new(ChatRole.Assistant, contents) { ResponseId = responseId, ModelId = options?.ModelId ?? modelId };
    }

    public override void Check(ChatOptions options) => EchoFields.Check(options);

    /// <summary>Four characters to the token, at least one.</summary>
    public static int CountTokens(string text) => Math.Max(1, (text.Length + CharsPerToken - 1) / CharsPerToken);

    private static (List<AIContent> Contents, ChatFinishReason Finish, UsageDetails Usage, string? StopSequence) Answer(
        IReadOnlyList<ChatMessage> history, ChatOptions? options)
    {
        var input = Math.Max(1, history.Sum(message => message.Text.Length) / CharsPerToken);
        if (ToolToCall(history, options) is { } tool)
        {
            var arguments = JsonSample.Write(tool.JsonSchema, Subject(LastUserText(history)));
            List<AIContent> pieces = [new ToolCallDelta(0, ToolCallTracker.NewCallId(), tool.Name, "")];
            pieces.AddRange(Cut(arguments).Select(piece => new ToolCallDelta(0, null, null, piece)));
            return (pieces, ChatFinishReason.ToolCalls, Usage(input, CountTokens(arguments)), null);
        }

        var text = TextToSay(history, options);
        var finish = ChatFinishReason.Stop;
        string? stopped = null;
        foreach (var stop in options?.StopSequences ?? [])
        {
            if (stop.Length > 0 && text.IndexOf(stop, StringComparison.Ordinal) is >= 0 and var at)
            {
                (text, stopped) = (text[..at], stop);
            }
        }

        if (options?.MaxOutputTokens is { } most && CountTokens(text) > most)
        {
            text = Utf16.Head(text, most * CharsPerToken);
            (finish, stopped) = (ChatFinishReason.Length, null);
        }

        List<AIContent> words = [.. Words().Matches(text).Select(word => new TextContent(word.Value))];
        return (words, finish, Usage(input, CountTokens(text)), stopped);
    }

    private static string TextToSay(IReadOnlyList<ChatMessage> history, ChatOptions? options)
    {
        var last = history.Count > 0 ? history[^1] : new ChatMessage();
        var results = last.Contents.OfType<FunctionResultContent>().Select(ModelJson.TextOf).ToList();
        var text = results.Count > 0 ? string.Join("\n", results) : LastUserText(history);
        if (options?.ResponseFormat is ChatResponseFormatJson format)
        {
            return format.Schema is { } schema ? JsonSample.Write(schema, text) : JsonSample.WriteText(text);
        }

        var images = history.Where(message => message.Role == ChatRole.User).TakeLast(1)
            .SelectMany(message => message.Contents).Count(content => ModelJson.ImageUrlOf(content) is not null);
        var seen = images switch
        {
            0 => null,
            1 => "[saw 1 image]",
            _ => $"[saw {images} images]",
        };
        text = results.Count > 0 || seen is null ? text : text.Length == 0 ? seen : $"{text} {seen}";
        return text.Length > 0 ? text : "[no text to echo]";
    }

    private static AIFunctionDeclaration? ToolToCall(IReadOnlyList<ChatMessage> history, ChatOptions? options)
    {
        var tools = options?.Tools?.OfType<AIFunctionDeclaration>().ToList() ?? [];
        if (tools.Count == 0 || options!.ToolMode is NoneChatToolMode || history is [.., { Role.Value: "tool" }])
        {
            return null;
        }

        if (options.ToolMode is RequiredChatToolMode required)
        {
            return required.RequiredFunctionName is { } name ? tools.Find(tool => tool.Name == name) : tools[0];
        }

        var text = LastUserText(history);
        var words = Letters().Matches(text).Select(match => match.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return tools.Find(tool => text.Contains(tool.Name, StringComparison.OrdinalIgnoreCase)
            || Letters().Matches(tool.Name).Any(word => word.Length > 3 && words.Contains(word.Value)));
    }

    private static string LastUserText(IReadOnlyList<ChatMessage> history) =>
        history.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "";

    // "What's the weather like in San Francisco?" is about San Francisco.
    private static string Subject(string text) =>
        SubjectPattern().Matches(text) is [.., var match] ? match.Groups[1].Value : text;

    private static IEnumerable<string> Cut(string text)
    {
        for (var rest = text; rest.Length > 0;)
        {
            var piece = Utf16.Head(rest, 8);
            yield return piece;
            rest = rest[piece.Length..];
        }
    }

    private static UsageDetails Usage(int input, int output) =>
        new() { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output };

    [GeneratedRegex(@"\S+\s*|\s+")]
    private static partial Regex Words();

    [GeneratedRegex(@"[\p{L}\p{Nd}]+")]
    private static partial Regex Letters();

    [GeneratedRegex(@"\b(?:in|for|at|about)\s+([^?!.,;\n]+)")]
    private static partial Regex SubjectPattern();
}
