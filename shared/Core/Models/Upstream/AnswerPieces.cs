using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Text;

namespace OpenClaw.Models.Upstream;

/// <summary>
/// The content of one answer, as a reader adds it. A surrogate pair that the provider cut in two is joined, call ids are made unique,
/// and nothing is taken beyond the limit of an answer.
/// </summary>
/// <param name="maxChars">Most characters of text, reasoning, refusals and calls together.</param>
internal sealed class AnswerPieces(int maxChars)
{
    private readonly List<CallState> _calls = [];
    private readonly HashSet<string> _callIds = new(StringComparer.Ordinal);
    private List<AIContent> _contents = [];
    private long _left = maxChars;
    private string _halfText = "";
    private string _halfReasoning = "";
    private string _halfRefusal = "";
    private bool _isSummary;
    private string? _reasoningData;

    /// <summary>The limit is reached: the answer is cut here.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Rises with each piece of content.</summary>
    public int Count { get; private set; }

    /// <summary>Calls begun so far; they are numbered from 0.</summary>
    public int Calls => _calls.Count;

    /// <summary>True when the arguments of every call are whole JSON, or there are none.</summary>
    public bool AreCallsWhole => _calls.TrueForAll(call => call.Progress.IsWhole || call.Sent.Length == 0);

    public void Text(string piece)
    {
        if (Join(ref _halfText, piece) is { Length: > 0 } text)
        {
            _contents.Add(new TextContent(text));
        }
    }

    public void Refusal(string piece)
    {
        if (Join(ref _halfRefusal, piece) is { Length: > 0 } text)
        {
            _contents.Add(new RefusalDelta(text));
        }
    }

    /// <param name="isSummary">Whether it is a summary, as opposed to the reasoning itself.</param>
    /// <param name="protectedData">What the provider needs back beside the text.</param>
    public void Reasoning(string piece, bool isSummary = false, string? protectedData = null)
    {
        (_isSummary, _reasoningData) = (isSummary, protectedData);
        if (Join(ref _halfReasoning, piece) is { Length: > 0 } text)
        {
            _contents.Add(ReasoningOf(text));
        }
    }

    /// <summary>Adds the log probabilities of the text before them.</summary>
    public void Logprobs(LogprobsContent content)
    {
        const int CharsPerToken = 8; // what one takes in memory, roughly
        var length = content.Tokens.Sum(token => (1 + token.TopLogprobs.Count) * CharsPerToken);
        if (Take(length) == length)
        {
            _contents.Add(content);
        }
    }

    /// <summary>Adds what the provider needs back to go on with its reasoning.</summary>
    public void Seal(string protectedData)
    {
        if (Take(protectedData.Length) == protectedData.Length)
        {
            _contents.Add(new TextReasoningContent("") { ProtectedData = protectedData });
        }
    }

    /// <summary>Begins a call.</summary>
    /// <param name="extra">As in <see cref="ToolCallDelta.Extra"/>.</param>
    /// <param name="id">Replaced when it is missing or another call of this answer has it.</param>
    /// <returns>Its number.</returns>
    public int StartCall(string? id, string name, string arguments = "", JsonElement? extra = null)
    {
        var call = new CallState();
        _calls.Add(call);
        if (string.IsNullOrEmpty(id) || !_callIds.Add(id))
        {
            id = ToolCallTracker.NewCallId();
            _callIds.Add(id);
        }

        Take(id.Length + name.Length);
        _contents.Add(new ToolCallDelta(_calls.Count - 1, id, name, call.Join(this, arguments)) { Extra = extra });
        return _calls.Count - 1;
    }

    /// <summary>Adds to the arguments of a call.</summary>
    public void Arguments(int call, string piece, JsonElement? extra = null)
    {
        var text = _calls[call].Join(this, piece);
        if (text.Length > 0 || extra is not null)
        {
            _contents.Add(new ToolCallDelta(call, null, null, text) { Extra = extra });
        }
    }

    /// <summary>Adds the part of a call's whole arguments that its pieces lack.</summary>
    public void WholeArguments(int call, string whole) => Arguments(call, _calls[call].Sent.RestOf(whole).ToString());

    /// <summary>Ends a call. Callers parse arguments as JSON, so a call without any gets an empty object.</summary>
    public void EndCall(int call)
    {
        if (_calls[call].Sent.Length == 0)
        {
            Arguments(call, "{}");
        }
    }

    /// <summary>Whether the arguments of a call are one whole JSON value, so that nothing can follow.</summary>
    public bool IsWhole(int call) => _calls[call].Progress.IsWhole;

    /// <summary>Whether these are exactly the arguments of a call.</summary>
    public bool HasArguments(int call, string arguments) => _calls[call].Sent.Is(arguments);

    /// <summary>Counts what a reader keeps of the answer without passing it on.</summary>
    /// <returns>How much of it may be kept.</returns>
    public int Take(int length)
    {
        Count += length > 0 ? 1 : 0;
        if (length > _left)
        {
            IsFull = true;
            length = (int)_left;
        }

        _left -= length;
        return length;
    }

    /// <summary>What was added since the last time; null when there is nothing.</summary>
    public List<AIContent>? Flush()
    {
        if (_contents.Count == 0)
        {
            return null;
        }

        var flushed = _contents;
        _contents = [];
        return flushed;
    }

    /// <summary>Ends the answer: half a surrogate pair whose other half never came becomes U+FFFD.</summary>
    public void End()
    {
        AddIfHalf(ref _halfReasoning, ReasoningOf(Utf16.Replacement));
        AddIfHalf(ref _halfText, new TextContent(Utf16.Replacement));
        AddIfHalf(ref _halfRefusal, new RefusalDelta(Utf16.Replacement));
        for (var call = 0; call < _calls.Count; call++)
        {
            AddIfHalf(ref _calls[call].Half, new ToolCallDelta(call, null, null, Utf16.Replacement));
        }
    }

    private TextReasoningContent ReasoningOf(string text) =>
        _isSummary ? ModelProperties.ReasoningSummary(text) : new TextReasoningContent(text) { ProtectedData = _reasoningData };

    private void AddIfHalf(ref string half, AIContent content)
    {
        if (half.Length > 0)
        {
            half = "";
            _contents.Add(content);
        }
    }

    private string Join(ref string half, string piece)
    {
        if (piece.Length == 0)
        {
            return "";
        }

        var allowed = Take(piece.Length);
        if (allowed < piece.Length)
        {
            piece = Utf16.Head(piece, allowed);
        }

        return Utf16.Join(ref half, piece);
    }

    private sealed class CallState
    {
        private JsonProgress _progress;
        private string _half = "";

        /// <summary>The first half of a surrogate pair that ended the last piece.</summary>
        public ref string Half => ref _half;

        public SentText Sent { get; } = new();

        public JsonProgress Progress => _progress;

        public string Join(AnswerPieces pieces, string piece)
        {
            Sent.Add(piece);
            var text = pieces.Join(ref _half, piece);
            _progress.Add(text);
            return text;
        }
    }
}
