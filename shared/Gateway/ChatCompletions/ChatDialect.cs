using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Models;
using OpenClaw.Models.Completions;
using OpenClaw.Runs;
using OpenClaw.Sessions;
using OpenClaw.Usage;

namespace OpenClaw.Gateway.ChatCompletions;

/// <summary>Translates run events into chat chunks, or collects them into one completion.</summary>
internal sealed class ChatDialect(ChatHead head) : Dialect<ChatCompletionChunk, ChatCompletion>
{
    public override JsonTypeInfo<ChatCompletionChunk> EventType => ChatJson.Default.ChatCompletionChunk;

    public override IResult ToResult(ChatCompletion whole) => new JsonResult<ChatCompletion>(whole, ChatJson.Default.ChatCompletion);

    /// <summary>Role first, then deltas, then the finish reason; usage last when asked for.</summary>
    /// <exception cref="GatewayException">The run failed.</exception>
    public override async IAsyncEnumerable<ChatCompletionChunk> ToEvents(
        IAsyncEnumerable<RunEvent> run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var calls = new CallIndex();
        await foreach (var runEvent in run.WithCancellation(cancellationToken))
        {
            switch (runEvent)
            {
                case RunStarted:
                    yield return Chunk(new ChatDelta { Role = "assistant", Content = "" });
                    break;
                case RunEnded end:
                    yield return Chunk(new ChatDelta(), FinishReason(end, calls.Count));
                    if (head.IncludeUsage)
                    {
                        yield return new ChatCompletionChunk
                        {
                            Id = head.Id,
                            Created = head.Created,
                            Model = head.Model,
                            Choices = [],
                            Usage = ToUsage(end.Usage)
                        };
                    }

                    break;
                default:
                    if (ToDelta(runEvent, calls) is { } delta)
                    {
                        yield return Chunk(delta, logprobs: ChatLogprobTranslation.Of(runEvent));
                    }

                    break;
            }
        }
    }

    /// <summary>The whole answer. Texts of several messages are joined; calls keep their order.</summary>
    /// <exception cref="GatewayException">The run failed.</exception>
    public override async Task<ChatCompletion> ToWholeAsync(IAsyncEnumerable<RunEvent> run, CancellationToken cancellationToken)
    {
        StringBuilder? reasoning = null;
        string? content = null, refusal = null;
        var calls = new List<ChatToolCall>();
        var logprobs = new List<ConversationPart>();
        JsonElement? details = null;
        RunEnded? end = null;
        await foreach (var runEvent in run.WithCancellation(cancellationToken))
        {
            switch (runEvent)
            {
                case ReasoningDelta delta:
                    (reasoning ??= new StringBuilder()).Append(delta.Text);
                    break;
                case ItemCompleted { Item: FunctionCallItem call }:
                    calls.Add(ToCall(call) with { Function = new ChatFunctionCall { Name = call.Name, Arguments = call.Arguments } });
                    break;
                case ItemCompleted { Item: ReasoningItem item }:
                    details = DetailsOf(item) ?? details;
                    break;
                case ItemCompleted { Item: MessageItem answer }:
                    logprobs.AddRange(answer.Content);
                    content = Join(content, answer.Content.OfType<TextPart>().Select(p => p.Text));
                    refusal = Join(refusal, answer.Content.OfType<RefusalPart>().Select(p => p.Refusal));
                    break;
                case RunEnded ended:
                    end = ended;
                    break;
            }
        }

        var reason = FinishReason(end ?? throw new InvalidOperationException("The run had no end."), calls.Count);
        var message = new ChatMessageOutput
        {
            Content = content ?? (calls.Count == 0 && refusal is null ? "" : null),
            Refusal = refusal,
            ReasoningContent = reasoning?.ToString(),
            ReasoningDetails = details,
            ToolCalls = calls.Count > 0 && !head.UsesFunctions ? calls : null,
            FunctionCall = calls.Count > 0 && head.UsesFunctions ? calls[0].Function : null,
        };
        return new ChatCompletion
        {
            Id = head.Id,
            Created = head.Created,
            Model = head.Model,
            Choices = [new ChatChoice { Message = message, FinishReason = reason, Logprobs = ChatLogprobTranslation.Of(logprobs) }],
            Usage = ToUsage(end.Usage),
        };
    }

    private ChatDelta? ToDelta(RunEvent runEvent, CallIndex calls) => runEvent switch
    {
        TextDelta text => new ChatDelta { Content = text.Text },
        RefusalTextDelta refusal => new ChatDelta { Refusal = refusal.Text },
        ReasoningDelta reasoning => new ChatDelta { ReasoningContent = reasoning.Text },
        ItemStarted { Item: FunctionCallItem call } started when head.UsesFunctions =>
            ToFunctionCall(started, call, calls),
        ArgumentsDelta arguments when head.UsesFunctions =>
            new ChatDelta { FunctionCall = new ChatFunctionCall { Arguments = arguments.Text } },
        ItemStarted { Item: FunctionCallItem call } started => new ChatDelta
        {
            ToolCalls = [ToCall(call) with { Index = calls.Add(started.Index, call.Extra is not null) }],
        },
        ItemCompleted { Item: FunctionCallItem { Extra: not null } call } done when calls.TakesExtra(done.Index) => new ChatDelta
        {
            ToolCalls = [ToCall(call) with { Index = calls.Of(done.Index), Id = null, Type = null, Function = null }],
        },
        ItemCompleted { Item: ReasoningItem reasoning } when DetailsOf(reasoning) is { } details =>
            new ChatDelta { ReasoningDetails = details },
        ArgumentsDelta arguments => new ChatDelta
        {
            ToolCalls = [new ChatToolCall { Index = calls.Of(
                arguments.Index), Function = new ChatFunctionCall { Arguments = arguments.Text } }],
        },
        _ => null,
    };

    private static ChatDelta ToFunctionCall(ItemStarted started, FunctionCallItem call, CallIndex calls)
    {
        calls.Add(started.Index, hasExtra: false);
        return new ChatDelta { FunctionCall = new ChatFunctionCall { Name = call.Name, Arguments = "" } };
    }

    private static JsonElement? DetailsOf(ReasoningItem item) => ChatReasoning.Open(item.EncryptedContent)?.Details;

    /// <summary>The call without its arguments.</summary>
    private static ChatToolCall ToCall(FunctionCallItem call) => new()
    {
        Id = call.CallId,
        Type = "function",
        Function = new ChatFunctionCall { Name = call.Name, Arguments = "" },
        ExtraContent = CallExtra.Field(call.Extra, "extra_content"),
        ProviderSpecificFields = CallExtra.Field(call.Extra, "provider_specific_fields"),
    };

    private string FinishReason(RunEnded end, int calls) => end switch
    {
        { Failure: { } failure } => throw new GatewayException(failure),
        RunIncomplete { Reason: "content_filter" } => "content_filter",
        RunIncomplete => "length",
        _ => calls == 0 ? "stop" : head.UsesFunctions ? "function_call" : "tool_calls",
    };

    private ChatCompletionChunk Chunk(ChatDelta delta, string? finishReason = null, ChatLogprobs? logprobs = null) => new()
    {
        Id = head.Id,
        Created = head.Created,
        Model = head.Model,
        Choices = [new ChatChunkChoice { Delta = delta, FinishReason = finishReason, Logprobs = logprobs }],
    };

    private static ChatUsage ToUsage(RunUsage usage) => new()
    {
        PromptTokens = usage.InputTokens,
        CompletionTokens = usage.OutputTokens,
        TotalTokens = usage.TotalTokens,
        PromptTokensDetails = new ChatPromptTokensDetails(usage.CachedTokens),
        CompletionTokensDetails = new ChatCompletionTokensDetails(usage.ReasoningTokens),
    };

    private static string? Join(string? text, IEnumerable<string> more)
    {
        var added = string.Concat(more);
        return added.Length == 0 ? text : text + added;
    }

    /// <summary>Numbers the calls from 0, without the other items of the output.</summary>
    private sealed class CallIndex
    {
        private readonly List<int> _items = [];
        private readonly HashSet<int> _withExtra = [];

        public int Count => _items.Count;

        public int Add(int item, bool hasExtra)
        {
            _items.Add(item);
            if (hasExtra)
            {
                _withExtra.Add(item);
            }

            return _items.Count - 1;
        }

        /// <summary>Whether what the provider attached is still to be shown: it may come after the call has begun.</summary>
        public bool TakesExtra(int item) => _items.Contains(item) && _withExtra.Add(item);

        public int Of(int item) => _items.IndexOf(item);
    }
}
