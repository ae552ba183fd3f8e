using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Media.Files;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>Answers that are too large for SignalR Service: the response frame is kept for a few minutes as a file of the caller's, and the
/// client is told where. Only the caller's credential opens it.</summary>
internal sealed partial class LargeAnswers(MediaStore media, GatewayConfigStore config, TimeProvider time, ILogger<LargeAnswers> logger)
{
    /// <summary>A frame that the service carries: the answer, or a failure that says where the answer is.</summary>
    /// <param name="id">Of the request.</param>
    public async ValueTask<byte[]> FitAsync(Caller caller, string id, byte[] answer, CancellationToken cancellationToken)
    {
        if (answer.Length <= ServiceLimits.MaxAnswer)
        {
            return answer;
        }

        var details = new RpcErrorDetails { Code = "ANSWER_TOO_LARGE", Bytes = answer.Length };
        var settings = config.Current.Gateway;
        if (settings.Http.Media.Enabled)
        {
            try
            {
                var until = TimeSpan.FromSeconds(settings.Http.Media.TicketSeconds);
                var file = await media.SaveAsync(caller.Subject, answer, "application/json", "answer.json", until, cancellationToken);
                details = details with
                {
                    Url = $"{settings.PublicUrl?.TrimEnd('/')}/media/{file.Id}",
                    ExpiresAtMs = (time.GetUtcNow() + until).ToUnixTimeMilliseconds(),
                };
            }
            catch (GatewayException failure)
            {
                LogNotKept(failure.Message);
            }
        }

        return FrameWriter.Failure(id, new RpcError(
            RpcError.InvalidRequest,
            $"the answer has {answer.Length} bytes and a connection over SignalR carries {ServiceLimits.MaxAnswer}; "
                + (details.Url is null ? "ask for less (limit, maxBytes), or use the HTTP API"
                    : "fetch it at the URL in the details, or ask for less (limit, maxBytes)"))
        {
            Details = details,
        });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An answer that is too large for SignalR Service could not be kept: {Reason}")]
    private partial void LogNotKept(string reason);
}
