using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.AI;
using OpenClaw.Errors;

namespace OpenClaw.Models.Upstream;

/// <summary>
/// Reads one answer of a provider: the events of a stream, or one document. Derived classes know the wire format. Here is what is the same
/// in all of them: heartbeats, errors, the end, and the rule that an answer is complete only when the provider has said so.
/// </summary>
internal abstract class AnswerReader(ProviderTransport transport, int maxChars)
{
    private static readonly string[] HeartbeatNames = ["ping", "heartbeat", "keepalive", "keep-alive"];

    private ChatFinishReason? _finish;
    private bool _sawPiece;
    private bool _isDoubtful;
    private bool _wentOn;

    /// <summary>Nothing more is read: the provider has sent its end mark, or the limit of an answer is reached.</summary>
    public bool HasEnded => SawDone || HasTerminated || Pieces.IsFull;

    /// <summary>The reason to stop has arrived and nothing after it, so that only usage may follow. A provider that is silent now, closes
    /// its connection in any way or sends something else has answered. Not so when the reason came with the first content: some
    /// servers write a reason into every chunk.</summary>
    public bool IsOver => _finish is not null && !_isDoubtful && !_wentOn;

    protected AnswerPieces Pieces { get; } = new(maxChars);

    protected string? ResponseId { get; set; }

    protected string? Model { get; set; }

    protected UsageDetails? Usage { get; set; }

    protected string? StopSequence { get; set; }

    /// <summary>The stream had <c>[DONE]</c>.</summary>
    protected bool SawDone { get; private set; }

    /// <summary>The end mark of the wire format was read.</summary>
    protected bool HasTerminated { get; set; }

    /// <summary>Whether there is any sign of an answer, however empty.</summary>
    protected abstract bool HasAnswer { get; }

    /// <summary>Whether <c>[DONE]</c> ends an answer for which the provider named no reason to stop.</summary>
    protected virtual bool IsDoneTheEnd => true;

    /// <summary>Reads one event; null when it has no content.</summary>
    /// <param name="name">The <c>event</c> field.</param>
    /// <exception cref="GatewayException">The provider's error, or <c>upstream_protocol</c>.</exception>
    public ChatResponseUpdate? Read(string? name, ReadOnlySpan<byte> data)
    {
        data = data.Trim(" \t\n"u8);
        if (name == "error")
        {
            throw Failed(UpstreamError.Parse(data));
        }

        if (data.SequenceEqual("[DONE]"u8))
        {
            SawDone = true;
        }
        else if (!IsHeartbeat(name, data))
        {
            try
            {
                ReadEvent(name, data);
            }
            catch (Exception exception) when (IsMalformed(exception))
            {
                SawDone = IsOver ? true : throw new GatewayException(GatewayError.UpstreamProtocol(), exception);
            }
        }

        return Update();
    }

    /// <summary>Reads the body of a provider that does not stream. It is one document; several are the events of a stream without
    /// their frames.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public ChatResponseUpdate? ReadWhole(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body));
        }

        try
        {
            ReadDocument(NextValue(ref body));
            while (body.StartsWith("{"u8) && !Pieces.IsFull)
            {
                HasTerminated = false;
                ReadEvent(null, NextValue(ref body));
            }
        }
        catch (Exception exception) when (IsMalformed(exception))
        {
            // What follows the reason to stop is no part of the answer.
            HasTerminated = _finish is not null ? true : throw new GatewayException(GatewayError.UpstreamProtocol(), exception);
        }

        return Update();
    }

    /// <summary>The last update, with finish reason and usage.</summary>
    /// <exception cref="GatewayException"><c>upstream_interrupted</c> when the answer has no end, <c>upstream_protocol</c> when there was
    /// no answer.</exception>
    public ChatResponseUpdate End()
    {
        var finish = Pieces.IsFull ? ChatFinishReason.Length : FinishOf();
        Complete(finish);
        Pieces.End();
        var contents = Pieces.Flush() ?? [];
        if (Usage is not null)
        {
            contents.Add(new UsageContent(Usage));
        }

        var update = Update(contents);
        update.FinishReason = finish == ChatFinishReason.Stop && Pieces.Calls > 0 ? ChatFinishReason.ToolCalls : finish;
        if (StopSequence is not null)
        {
            update.AdditionalProperties = new AdditionalPropertiesDictionary { [ModelProperties.StopSequence] = StopSequence };
        }

        return update;
    }

    /// <summary>Reads one event that is no heartbeat.</summary>
    protected abstract void ReadEvent(string? name, ReadOnlySpan<byte> data);

    /// <summary>Reads a whole answer in one document.</summary>
    protected abstract void ReadDocument(ReadOnlySpan<byte> document);

    /// <summary>Adds to the content, at the end of the answer, what was kept back until now.</summary>
    /// <exception cref="GatewayException"><c>upstream_protocol</c>: part of the answer makes no sense.</exception>
    protected virtual void Complete(ChatFinishReason finish)
    {
    }

    /// <summary>Called after each part of an answer that may hold content or a reason to stop.</summary>
    /// <param name="before">The <see cref="AnswerPieces.Count"/> before the part.</param>
    protected void Note(int before, string? reason)
    {
        var hasContent = Pieces.Count > before;
        _wentOn |= hasContent && _finish is not null;
        if (FinishReasons.Of(reason) is not { } finish)
        {
            _sawPiece |= hasContent;
            return;
        }

        if (finish == FinishReasons.Broken)
        {
            throw Failed(new UpstreamError("The answer ended with this reason.", null, reason, null));
        }

        _isDoubtful |= _finish is null && !_sawPiece;
        _finish = finish;
    }

    protected GatewayException Failed(UpstreamError error)
    {
        transport.LogErrorInStream(error);
        return new GatewayException(error.ToGatewayErrorInStream());
    }

    /// <exception cref="GatewayException">The document is an error that has no <c>error</c> field.</exception>
    protected void CheckBareError(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        var element = JsonElement.ParseValue(ref reader);
        if (BareError.Is(element))
        {
            throw Failed(UpstreamError.From(element));
        }
    }

    private static bool IsMalformed(Exception exception) =>
        exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException;

    // Some servers send "ping" or ": comment" as data, or name the event so.
    private static bool IsHeartbeat(string? name, ReadOnlySpan<byte> data) =>
        data.IsEmpty || data[0] == (byte)':' || (name is not null && HeartbeatNames.Contains(name))
        || (data.Length <= 12 && HeartbeatNames.Contains(Encoding.UTF8.GetString(data.Trim("[]"u8)), StringComparer.OrdinalIgnoreCase));

    private static ReadOnlySpan<byte> NextValue(ref ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        reader.Skip();
        var value = body[..(int)reader.BytesConsumed];
        body = body[value.Length..].TrimStart(" \t\r\n"u8);
        return value;
    }

    private ChatFinishReason FinishOf()
    {
        var isTold = HasTerminated || (SawDone && (_finish is not null || IsDoneTheEnd)) || (_finish is not null && !_wentOn);
        if (!isTold || (_finish is null && !Pieces.AreCallsWhole))
        {
            throw new GatewayException(GatewayError.UpstreamInterrupted());
        }

        return HasAnswer ? _finish ?? ChatFinishReason.Stop : throw new GatewayException(GatewayError.UpstreamProtocol());
    }

    private ChatResponseUpdate? Update() => Pieces.Flush() is { } contents ? Update(contents) : null;

    private ChatResponseUpdate Update(List<AIContent> contents) =>
        new(ChatRole.Assistant, contents) { ResponseId = ResponseId, ModelId = Model };
}
