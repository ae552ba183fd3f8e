using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Errors;

namespace OpenClaw.Gateway.Wire;

/// <summary>Reads a body whose bytes are signed: under limits of size and time, unchanged and not parsed.</summary>
public static class RawBody
{
    /// <param name="limit">Bytes.</param>
    /// <param name="time">How long the body may take to arrive.</param>
    /// <exception cref="GatewayException"><c>415</c>, <c>413</c>, <c>408</c>, <c>503 too_many_bytes_in_flight</c>.</exception>
    public static async Task<byte[]> ReadBytesAsync(
        this HttpRequest request, int limit, TimeSpan time, CancellationToken cancellationToken)
    {
        if (request.Headers.ContentEncoding.Count > 0)
        {
            throw new GatewayException(GatewayError.UnsupportedMediaType("Send the body without compression."));
        }

        if (request.ContentLength > limit)
        {
            throw new GatewayException(GatewayError.BodyTooLarge(limit));
        }

        UnreadBody.Expect(request.HttpContext, limit);
        var lease = request.BodyLease();
        lease.Hold(request.ContentLength ?? 0);
        using var late = new CancellationTokenSource(time, request.HttpContext.RequestServices.GetRequiredService<TimeProvider>());
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            while (true)
            {
                var read = await request.BodyReader.ReadBodyAsync(deadline.Token);
                if (read.Buffer.Length > limit)
                {
                    request.BodyReader.AdvanceTo(read.Buffer.End); // or the server could not tell what is left
                    throw new GatewayException(GatewayError.BodyTooLarge(limit));
                }

                lease.Hold(read.Buffer.Length);
                if (read.IsCompleted)
                {
                    var body = read.Buffer.ToArray();
                    request.BodyReader.AdvanceTo(read.Buffer.End);
                    UnreadBody.End(request.HttpContext);
                    return body;
                }

                request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GatewayException(GatewayError.BodyTimeout());
        }
        catch (BadHttpRequestException failure) when (failure.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new GatewayException(GatewayError.BodyTooLarge(limit), failure);
        }
    }
}
