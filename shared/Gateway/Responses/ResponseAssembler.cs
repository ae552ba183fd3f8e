using OpenClaw.Errors;
using OpenClaw.Gateway.Responses.Wire;
using OpenClaw.Runs;
using OpenClaw.Usage;

namespace OpenClaw.Gateway.Responses;

/// <summary>Translates run events into the events of a response stream: one run event in, its response events out, without I/O.</summary>
internal sealed class ResponseAssembler(Response empty, TimeProvider time)
{
    private readonly List<ResponseItem> _output = [];
    private readonly List<ResponseEvent> _pending = [];
    private readonly Dictionary<int, OpenMessage> _messages = [];
    private readonly Dictionary<int, string> _ids = [];
    private readonly HashSet<int> _summaries = [];
    private long _sequence;

    /// <summary>Why the run failed; null while it has not.</summary>
    public GatewayError? Failure { get; private set; }

    /// <returns>The events; valid until the next call.</returns>
    public IReadOnlyList<ResponseEvent> Add(RunEvent runEvent)
    {
        _pending.Clear();
        switch (runEvent)
        {
            case RunQueued:
                Emit(new ResponseCreated(empty with { Status = ResponseItems.Queued }));
                Emit(new ResponseQueued(empty with { Status = ResponseItems.Queued }));
                break;
            case RunStarted:
                Start();
                break;
            case RunResumed:
                _output.Clear(); // output that was cut off is in the stream, but not in the resource
                break;
            case ItemStarted started:
                _ids[started.Index] = started.Item.Id!;
                Emit(new OutputItemAdded(started.Index, started.Item.ToResponseItem(ResponseItems.InProgress)));
                break;
            case TextDelta delta:
                var text = OpenPart(delta.Index, isRefusal: false);
                Emit(new OutputTextDelta(_ids[delta.Index], delta.Index, text, delta.Text)
                {
                    Logprobs = ResponseLogprob.Of(delta.Logprobs),
                });
                break;
            case RefusalTextDelta delta:
                var refusal = OpenPart(delta.Index, isRefusal: true);
                Emit(new RefusalDeltaEvent(_ids[delta.Index], delta.Index, refusal, delta.Text));
                break;
            case ReasoningDelta delta:
                OpenSummary(delta.Index);
                Emit(new ReasoningSummaryTextDelta(_ids[delta.Index], delta.Index, 0, delta.Text));
                break;
            case ArgumentsDelta delta:
                Emit(new FunctionCallArgumentsDelta(_ids[delta.Index], delta.Index, delta.Text));
                break;
            case ItemCompleted done:
                Complete(done);
                break;
            case RunEnded end:
                Failure = (end as RunFailed)?.Error;
                Emit(ToTerminal(end));
                break;
        }

        return _pending;
    }

    /// <summary>The events for a failure after the headers: the failure, then the failed resource with the output so far. Clients
    /// build their state from the first event, so a run that never began gets its first events too.</summary>
    public IReadOnlyList<ResponseEvent> Fail(GatewayError error)
    {
        _pending.Clear();
        if (_sequence == 0)
        {
            Start();
        }

        Failure = error;
        Emit(new ErrorEvent(new ErrorEventBody(error.Type, error.Code, error.Message, error.Param)));
        Emit(ToTerminal(new RunFailed(RunUsage.None, error)));
        return _pending;
    }

    /// <summary>The resource at the end of a run.</summary>
    public Response ToResponse(IReadOnlyList<ResponseItem> output, RunEnded end) => end switch
    {
        RunFailed failed => empty with
        {
            Status = "failed",
            Output = output,
            Usage = end.Usage.IsReported ? end.Usage.ToResponseUsage() : null,
            Error = new ResponseError(failed.Error.Code, failed.Error.Message),
        },
        RunCancelled => empty with
        {
            Status = ResponseItems.Cancelled,
            Output = output,
            Usage = end.Usage.IsReported ? end.Usage.ToResponseUsage() : null,
        },
        RunIncomplete cut => empty with
        {
            Status = ResponseItems.Incomplete,
            Output = output,
            Usage = end.Usage.ToResponseUsage(),
            IncompleteDetails = new ResponseIncompleteDetails(cut.Reason),
        },
        _ => empty with
        {
            Status = ResponseItems.Completed,
            Output = output,
            Usage = end.Usage.ToResponseUsage(),
            CompletedAt = (end.EndedAt ?? time.GetUtcNow()).ToUnixTimeSeconds(),
        },
    };

    private void Start()
    {
        if (_sequence == 0)
        {
            Emit(new ResponseCreated(empty));
        }

        Emit(new ResponseInProgress(empty));
    }

    private ResponseStateEvent ToTerminal(RunEnded end)
    {
        var response = ToResponse(_output, end);
        return end switch
        {
            RunFailed => new ResponseFailed(response),
            RunIncomplete or RunCancelled => new ResponseIncomplete(response),
            _ => new ResponseCompleted(response),
        };
    }

    private void Complete(ItemCompleted done)
    {
        var (index, id) = (done.Index, _ids[done.Index]);
        var item = done.Item.ToResponseItem();
        switch (item)
        {
            case ResponseMessage message:
                CompleteParts(index, id, message);
                break;
            case ResponseFunctionCall call:
                Emit(new FunctionCallArgumentsDone(id, index, call.Arguments));
                break;
            case ResponseReasoningItem { Summary: [ResponseSummaryText summary] }:
                OpenSummary(index);
                Emit(new ReasoningSummaryTextDone(id, index, 0, summary.Text));
                Emit(new ReasoningSummaryPartDone(id, index, 0, summary));
                break;
        }

        _output.Add(item);
        Emit(new OutputItemDone(index, item));
    }

    private void CompleteParts(int index, string id, ResponseMessage message)
    {
        for (var i = 0; i < message.Content.Count; i++)
        {
            switch (message.Content[i])
            {
                case ResponseOutputText text:
                    OpenPart(index, isRefusal: false);
                    Emit(new OutputTextDone(id, index, i, text.Text) { Logprobs = text.Logprobs });
                    break;
                case ResponseRefusal refusal:
                    OpenPart(index, isRefusal: true);
                    Emit(new RefusalDone(id, index, i, refusal.Refusal));
                    break;
            }

            Emit(new ContentPartDone(id, index, i, message.Content[i]));
        }
    }

    /// <summary>The index of the message's text or refusal part; announced on first use.</summary>
    private int OpenPart(int index, bool isRefusal)
    {
        if (!_messages.TryGetValue(index, out var message))
        {
            _messages.Add(index, message = new OpenMessage());
        }

        var known = isRefusal ? message.Refusal : message.Text;
        if (known is { } part)
        {
            return part;
        }

        var next = message.Count++;
        if (isRefusal)
        {
            message.Refusal = next;
        }
        else
        {
            message.Text = next;
        }

        Emit(new ContentPartAdded(_ids[index], index, next, isRefusal ? new ResponseRefusal("") : new ResponseOutputText("")));
        return next;
    }

    private void OpenSummary(int index)
    {
        if (_summaries.Add(index))
        {
            Emit(new ReasoningSummaryPartAdded(_ids[index], index, 0, new ResponseSummaryText("")));
        }
    }

    private void Emit(ResponseEvent next) => _pending.Add(next with { SequenceNumber = _sequence++ });

    private sealed class OpenMessage
    {
        public int Count { get; set; }

        public int? Text { get; set; }

        public int? Refusal { get; set; }
    }
}
