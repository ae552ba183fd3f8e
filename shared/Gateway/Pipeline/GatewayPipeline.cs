using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;
using OpenClaw.Media.Files;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.Security.Limits;
using OpenClaw.Security.Rights;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>Runs around every function: headers of every answer, preflights, path check, authentication by the route's class, guard of
/// callers without a secret, rate limit, scope, and one place that turns failures into the surface's error body.</summary>
public sealed partial class GatewayPipeline(
    Authenticator authenticator, CallerRights rights, BodyBudget bodies, AmbientCallers ambient, Cors cors, RateLimitHeaders limits,
    InternalSecret secret, MediaTickets tickets, GatewayConfigStore config, HostTraits host, Shutdown shutdown,
    ILogger<GatewayPipeline> logger)
{
    /// <summary>Runs one function for one request. Throws only when the client left.</summary>
    public async Task InvokeAsync(HttpContext context, GatewayAuthAttribute auth, Func<HttpRequest, CancellationToken, Task<IResult>> run)
    {
        LiveCaller? live = null;
        BodyLease? body = null;
        try
        {
            AnswerHeaders.Set(context.Response);
            if (!host.IsWorker)
            {
                UnreadBody.Watch(context); // under the Functions host the client's connection is the platform's
            }

            ApiVersion.Announce(context);
            if (cors.Answer(context))
            {
                return;
            }

            RequestGuard.Check(context.Request, config.Current.Hooks);
            var isAdmitted = auth.Class == AuthClass.GatewayOrTicket && await IsAdmittedAsync(context.Request, context.RequestAborted);
            if (auth.Class == AuthClass.Gateway || (auth.Class == AuthClass.GatewayOrTicket && !isAdmitted)
                || (auth.Class == AuthClass.ByPath && PathTable.Of(context).IsProtected(context.Request.Path)))
            {
                var caller = await authenticator.AuthenticateAsync(context);
                if (caller.IsAmbient)
                {
                    ambient.Check(context, auth);
                }

                await limits.TakeAsync(context, caller);
                caller.Require(auth.Scope);
                context.Features.Set(live = rights.Watch(caller, auth.Scope));
                context.Features.Set(body = bodies.Open(caller));
            }

            if (auth.Class == AuthClass.Service)
            {
                context.Features.Set(body = bodies.OpenForService()); // the handler checks the proof before it reads
            }

            if (auth.Class == AuthClass.Signed || (auth.Class == AuthClass.ByPath && body is null))
            {
                // a path may be an alias of a webhook; its handler checks the proof before it parses
                context.Features.Set(body = bodies.OpenForWebhook());
            }

            if (auth.Class == AuthClass.Internal
                && !await secret.IsValidAsync(context.Request.Headers[InternalSecret.Header], context.Request.Path, context.RequestAborted))
            {
                throw new GatewayException(GatewayError.Unauthorized("Only the gateway itself calls this path."));
            }

            ApiVersion.Check(context);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(
                context.RequestAborted, shutdown.Deadline, live?.Ended ?? CancellationToken.None);
            var result = await run(context.Request, end.Token);
            await result.ExecuteAsync(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left; there is no one to answer.
        }
        catch (OperationCanceledException) when (live?.Failure is not null)
        {
            await ErrorBody.WriteAsync(context, live.Failure);
        }
        catch (OperationCanceledException) when (shutdown.Deadline.IsCancellationRequested)
        {
            await ErrorBody.WriteAsync(context, GatewayError.Stopping());
        }
        catch (GatewayException failure)
        {
            if (failure.Error.Code == ErrorCode.RequestTimeout)
            {
                LogLate(context.Request.Method, context.GetEndpoint()?.DisplayName ?? "");
            }

            await ErrorBody.WriteAsync(context, failure.Error);
        }
        catch (BadHttpRequestException failure)
        {
            await ErrorBody.WriteAsync(context, failure.StatusCode switch
            {
                413 => GatewayError.BodyTooLarge(0),
                408 => GatewayError.BodyTimeout(),
                _ => GatewayError.InvalidRequest("The HTTP request is malformed."),
            });
        }
        catch (Exception failure)
        {
            LogUnexpected(failure, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "");
            await ErrorBody.WriteAsync(context, GatewayError.Internal());
        }
        finally
        {
            body?.Dispose();
            live?.Dispose();
        }
    }

    /// <summary>Whether the request has a valid ticket; an invalid one counts as none.</summary>
    private async Task<bool> IsAdmittedAsync(HttpRequest request, CancellationToken cancellationToken) =>
        request.Query[MediaTickets.Parameter] is [{ Length: > 0 } ticket]
            && await tickets.IsValidAsync(request.RouteId(), ticket, cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "The body of {Method} {Endpoint} did not arrive in time")]
    private partial void LogLate(string method, string endpoint);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected failure in {Method} {Endpoint}")]
    private partial void LogUnexpected(Exception failure, string method, string endpoint);
}
