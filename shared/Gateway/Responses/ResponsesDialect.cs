using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Responses.Wire;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;

namespace OpenClaw.Gateway.Responses;

/// <summary>Translates run events into response events, or collects them into one response resource.</summary>
/// <param name="empty">The resource before any output.</param>
internal sealed class ResponsesDialect(Response empty, TimeProvider time) : Dialect<ResponseEvent, Response>
{
    private readonly ResponseAssembler _assembler = new(empty, time);

    public override JsonTypeInfo<ResponseEvent> EventType => ResponsesJson.Default.ResponseEvent;

    public override string NameOf(ResponseEvent item) => item.Name;

    public override IReadOnlyList<ResponseEvent> ToFailure(GatewayError failure) => _assembler.Fail(failure);

    public override IResult ToResult(Response whole) => new JsonResult<Response>(whole, ResponsesJson.Default.Response);

    public override async IAsyncEnumerable<ResponseEvent> ToEvents(
        IAsyncEnumerable<RunEvent> run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var runEvent in run.WithCancellation(cancellationToken))
        {
            foreach (var next in _assembler.Add(runEvent))
            {
                yield return next;
            }
        }
    }

    /// <summary>The resource of the terminal event.</summary>
    /// <exception cref="GatewayException">The run failed.</exception>
    public override async Task<Response> ToWholeAsync(IAsyncEnumerable<RunEvent> run, CancellationToken cancellationToken)
    {
        ResponseStateEvent? last = null;
        await foreach (var next in ToEvents(run, cancellationToken))
        {
            last = next as ResponseStateEvent ?? last;
        }

        return _assembler.Failure is { } failure
            ? throw new GatewayException(failure)
            : last?.Response ?? throw new InvalidOperationException("The run had no end.");
    }
}
