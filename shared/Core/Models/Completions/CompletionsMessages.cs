using Microsoft.Extensions.AI;

namespace OpenClaw.Models.Completions;

/// <summary>One message of a chat completions request.</summary>
/// <param name="Role"><c>system</c>, <c>developer</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
internal sealed record CompletionsMessage(string Role, string? Name, List<AIContent> Contents);

/// <summary>
/// A conversation as the messages of a chat completions request: the calls of one answer are in one message, their results follow it,
/// pictures of results come in a user message after all of them, and no message is empty.
/// </summary>
internal sealed class CompletionsMessages
{
    private const string Unknown = "…";

    private readonly CompletionsDialect _dialect;
    private readonly List<CompletionsMessage> _messages = [];
    private readonly List<AIContent> _pictures = [];
    private readonly Dictionary<string, string> _tools = new(StringComparer.Ordinal);

    public CompletionsMessages(IEnumerable<ChatMessage> messages, string? instructions, CompletionsDialect dialect)
    {
        _dialect = dialect;
        if (instructions is { Length: > 0 })
        {
            _messages.Add(new("system", null, [new TextContent(instructions)]));
        }

        foreach (var message in messages)
        {
            Add(message);
        }

        ShowPictures();
        if (!_messages.Exists(IsTurn) && (dialect.NeedsTurns || _messages.Count == 0))
        {
            _messages.Add(new("user", null, [new TextContent(Unknown)])); // many servers refuse a prompt without a user message
        }
    }

    public IReadOnlyList<CompletionsMessage> All => _messages;

    /// <summary>The name of the tool that a call named; null for an unknown call.</summary>
    public string? ToolOf(string callId) => _tools.GetValueOrDefault(callId);

    private static bool IsTurn(CompletionsMessage message) => message.Role is not ("system" or "developer");

    private void Add(ChatMessage message)
    {
        if (message.Role == ChatRole.Assistant)
        {
            ShowPictures();
            AddAssistant(message);
            return;
        }

        foreach (var result in message.Contents.OfType<FunctionResultContent>())
        {
            _messages.Add(new("tool", null, [result]));
            KeepPictures(result);
        }

        var contents = message.Contents.Where(IsSaid).ToList();
        if (contents.Count > 0 && message.Role != ChatRole.Tool)
        {
            ShowPictures();
            AddTurn(RoleOf(message), message.AuthorName, contents);
        }
    }

    private string RoleOf(ChatMessage message) =>
        message.Role.Value == "developer" && !_dialect.HasDeveloperRole ? "system" : message.Role.Value;

    /// <summary>An answer is one message as long as its calls have no results: a message between calls and results is refused.</summary>
    private void AddAssistant(ChatMessage message)
    {
        var contents = message.Contents
            .Where(content => IsSaid(content) || content is TextReasoningContent or FunctionCallContent).ToList();
        if (contents.TrueForAll(content => content is TextReasoningContent))
        {
            return;
        }

        foreach (var call in contents.OfType<FunctionCallContent>())
        {
            _tools[call.CallId] = call.Name;
        }

        if (_messages is [.., { Role: "assistant" } open] && (_dialect.NeedsTurns || open.Contents.Exists(c => c is FunctionCallContent)))
        {
            if (HasText(open.Contents) && HasText(contents))
            {
                open.Contents.Add(new TextContent("\n\n"));
            }

            open.Contents.AddRange(contents);
            return;
        }

        if (_dialect.NeedsTurns && !_messages.Exists(IsTurn))
        {
            _messages.Add(new("user", null, [new TextContent(Unknown)])); // the message before the assistant's first one is not known
        }

        _messages.Add(new("assistant", message.AuthorName, contents));
    }

    private void AddTurn(string role, string? name, List<AIContent> contents)
    {
        if (role == "user" && _dialect.NeedsAssistantAfterToolResult && _messages is [.., { Role: "tool" }])
        {
            _messages.Add(new("assistant", null, [new TextContent(Unknown)]));
        }

        if (role == "user" && _dialect.NeedsTurns && _messages is [.., { Role: "user" } open])
        {
            open.Contents.AddRange(contents);
        }
        else
        {
            _messages.Add(new(role, name, contents));
        }
    }

    private void KeepPictures(FunctionResultContent result)
    {
        if (result.Result is IEnumerable<AIContent> parts && parts.Where(ModelJson.IsMedia).ToList() is { Count: > 0 } media)
        {
            _pictures.Add(new TextContent($"What the tool {ToolOf(result.CallId) ?? result.CallId} returned:"));
            _pictures.AddRange(media);
        }
    }

    /// <summary>A result is only text in this API.</summary>
    private void ShowPictures()
    {
        if (_pictures.Count > 0)
        {
            AddTurn("user", null, [.. _pictures]);
            _pictures.Clear();
        }
    }

    private static bool HasText(List<AIContent> contents) => contents.Exists(content => content is TextContent);

    private static bool IsSaid(AIContent content) => content switch
    {
        TextContent text => !string.IsNullOrWhiteSpace(text.Text),
        RefusalDelta refusal => !string.IsNullOrWhiteSpace(refusal.Text),
        _ => ModelJson.IsMedia(content),
    };
}
