using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Responses.Wire;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;
using OpenClaw.Runs.Context;
using OpenClaw.Sessions;
using OpenClaw.Text;
using OpenClaw.Usage;

namespace OpenClaw.Gateway.Responses;

/// <summary>Compacts a conversation, and counts the tokens of one.</summary>
public sealed class CompactionHandler(
    ResponsesHandler endpoint, ResponsePreparation preparation, RunAdmission admission, RunAnswers answers, TimeProvider time)
{
    /// <exception cref="GatewayException"><c>400</c>, <c>404</c>, upstream failures.</exception>
    public async Task<IResult> CompactAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await request.ReadJsonAsync(ResponsesJson.Default.CompactRequest, endpoint.CheckEnabled(), cancellationToken);
        if (string.IsNullOrWhiteSpace(body.Model))
        {
            throw new GatewayException(GatewayError.MissingField("model"));
        }

        var run = (await PrepareAsync(request, body, cancellationToken)).Run;
        var question = new MessageItem("user", [new TextPart(Compaction.Instruction)]) { Id = RandomId.Message() };
        if (run.Input.Count == 0 && run.History is null or [])
        {
            throw new GatewayException(GatewayError.MissingField("input"));
        }

        var admitted = await admission.AdmitAsync(run with { Input = [.. run.Input, question] }, cancellationToken);
        var (summary, usage) = await answers.FoldAsync(admitted, SummarizeAsync, cancellationToken);
        return new JsonResult<CompactedConversation>(
            new CompactedConversation(
                RandomId.Create("resp_"), [Compaction.Create(summary).ToResponseItem()],
                time.GetUtcNow().ToUnixTimeSeconds(), usage.ToResponseUsage()),
            ResponsesJson.Default.CompactedConversation);
    }

    /// <exception cref="GatewayException"><c>400</c>, <c>404</c>.</exception>
    public async Task<IResult> CountAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await request.ReadJsonAsync(ResponsesJson.Default.CreateResponseRequest, endpoint.CheckEnabled(), cancellationToken);
        var run = (await preparation.PrepareAsync(
            request, body with { Store = false, Background = null }, recall: null, cancellationToken)).Run;
        long chars = (run.Instructions?.Length ?? 0) + run.Tools.Sum(
            t => t.Name.Length + t.Description.Length + t.JsonSchema.GetRawText().Length);
        return new JsonResult<InputTokenCount>(
            new InputTokenCount(TokenEstimate.Of((run.History ?? []).Concat(run.Input), chars)), ResponsesJson.Default.InputTokenCount);
    }

    private static async Task<(string Summary, RunUsage Usage)> SummarizeAsync(
        IAsyncEnumerable<RunEvent> run, CancellationToken cancellationToken)
    {
        string? summary = null;
        RunUsage? usage = null;
        await foreach (var runEvent in run.WithCancellation(cancellationToken))
        {
            switch (runEvent)
            {
                case ItemCompleted { Item: MessageItem message }:
                    summary += string.Concat(message.Content.OfType<TextPart>().Select(p => p.Text));
                    break;
                case RunEnded { Failure: { } failure }:
                    throw new GatewayException(failure);
                case RunEnded end:
                    usage = end.Usage;
                    break;
            }
        }

        return (summary ?? "", usage!);
    }

    private Task<ResponseRun> PrepareAsync(HttpRequest request, CompactRequest body, CancellationToken cancellationToken) =>
        preparation.PrepareAsync(
            request,
            new CreateResponseRequest
            {
                Model = body.Model,
                Input = body.Input,
                Instructions = body.Instructions,
                PreviousResponseId = body.PreviousResponseId,
                PromptCacheKey = body.PromptCacheKey,
                Store = false,
            },
            recall: null, cancellationToken);
}
