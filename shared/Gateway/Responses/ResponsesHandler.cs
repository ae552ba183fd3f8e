using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Responses.Wire;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;

namespace OpenClaw.Gateway.Responses;

/// <summary>The Responses API: runs and stored responses.</summary>
public sealed class ResponsesHandler(
    ResponsePreparation preparation, RunAdmission admission, RunAnswers answers, BackgroundResponses background, ResponseStore responses,
    GatewayConfigStore config, TimeProvider time)
{
    private const int DefaultPage = 20;

    private const int MaxPage = 100;

    /// <exception cref="GatewayException"><c>404 endpoint_disabled</c>, <c>400</c>, <c>404</c>, <c>409 session_busy</c>, upstream
    /// failures.</exception>
    public async Task<IResult> CreateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await IdempotentRequests.ReadBodyAsync(
            request, ResponsesJson.Default.CreateResponseRequest, CheckEnabled(), cancellationToken);
        IgnoredFields.Report(request, body.More);
        if (body.Background == true)
        {
            var accepted = await background.AcceptAsync(request, body, cancellationToken);
            request.BodyLease().Dispose(); // the run holds its own copy, and may wait for this room
            return body.Stream == true
                ? background.Stream(accepted, request.RequireCaller(), after: -1, cancellationToken)
                : new JsonResult<Response>(accepted.Response, ResponsesJson.Default.Response);
        }

        var prepared = await preparation.PrepareAsync(request, body, recall: null, cancellationToken);
        var run = await admission.AdmitAsync(prepared.Run, cancellationToken);
        return await answers.AnswerAsync(run, body.Stream == true, new ResponsesDialect(prepared.Empty, time), cancellationToken);
    }

    /// <exception cref="GatewayException"><c>404 response_not_found</c>.</exception>
    public async Task<IResult> GetAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        CheckEnabled();
        var stored = await FindAsync(request, id, cancellationToken);
        await background.EnsureDispatchedAsync(stored, cancellationToken);
        return request.Query["stream"] == "true"
            ? background.Stream(stored, request.RequireCaller(), PageQuery.ReadAfter(request.Query, "starting_after"), cancellationToken)
            : new JsonResult<Response>(stored.Response, ResponsesJson.Default.Response);
    }

    /// <exception cref="GatewayException"><c>404 response_not_found</c>.</exception>
    public async Task<IResult> DeleteAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        CheckEnabled();
        var stored = await FindAsync(request, id, cancellationToken);
        if (!stored.HasEnded && !(await background.CancelAsync(stored, request.RequireCaller(), cancellationToken)).HasEnded)
        {
            throw new GatewayException(GatewayError.ResponseInProgress());
        }

        await responses.DeleteAsync(id, cancellationToken);
        return new JsonResult<DeletedResponse>(new DeletedResponse(id), ResponsesJson.Default.DeletedResponse);
    }

    /// <summary>Only background responses can be cancelled; others end with their connection.</summary>
    /// <exception cref="GatewayException"><c>404 response_not_found</c>, <c>400 not_cancellable</c>.</exception>
    public async Task<IResult> CancelAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        CheckEnabled();
        var stored = await FindAsync(request, id, cancellationToken);
        return new JsonResult<Response>(
            (await background.CancelAsync(stored, request.RequireCaller(), cancellationToken)).Response, ResponsesJson.Default.Response);
    }

    /// <exception cref="GatewayException"><c>404 response_not_found</c>, <c>400</c>.</exception>
    public async Task<IResult> ListInputAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        CheckEnabled();
        var stored = await FindAsync(request, id, cancellationToken);
        var limit = PageQuery.ReadLimit(request.Query, DefaultPage, MaxPage);
        var newestFirst = PageQuery.IsNewestFirst(request.Query["order"]);
        var after = PageQuery.ReadText(request.Query, "after");
        var items = (await responses.ReadInputAsync(stored, cancellationToken)).Select(i => i.ToResponseItem()).ToList();
        if (newestFirst)
        {
            items.Reverse();
        }

        var start = after is null ? 0 : items.FindIndex(i => i.Id == after) + 1;
        if (after is not null && start == 0)
        {
            throw new GatewayException(GatewayError.InvalidValue("after", "no input item of this response has this id."));
        }

        var page = items.Skip(start).Take(limit).ToList();
        return new JsonResult<ResponseItemList>(
            new ResponseItemList(page, page.FirstOrDefault()?.Id, page.LastOrDefault()?.Id, start + page.Count < items.Count),
            ResponsesJson.Default.ResponseItemList);
    }

    /// <returns>The body limit.</returns>
    internal long CheckEnabled()
    {
        var endpoint = config.Current.Gateway.Http.Endpoints.Responses;
        return endpoint.Enabled
            ? endpoint.MaxBodyBytes
            : throw new GatewayException(GatewayError.EndpointDisabled("gateway.http.endpoints.responses.enabled"));
    }

    private async Task<StoredResponse> FindAsync(HttpRequest request, string id, CancellationToken cancellationToken) =>
        await responses.FindAsync(id, request.RequireCaller(), cancellationToken)
            ?? throw new GatewayException(GatewayError.ResponseNotFound(id));
}
