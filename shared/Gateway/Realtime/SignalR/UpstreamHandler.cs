using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security.Limits;
using OpenClaw.SignalR;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>Takes the events of clients that SignalR Service holds: connected, disconnected, and each of their messages.
/// <code>
/// proof of the service ─► hub ─► the connection's row ─► rights of this moment ─► ServiceCalls ─► completion
/// </code></summary>
public sealed class UpstreamHandler
{
    /// <summary>Ends each message of the hub protocol.</summary>
    private const byte RecordSeparator = 0x1e;

    private readonly SignalRService _service;
    private readonly UpstreamProof _proof;
    private readonly ConnectionStore _connections;
    private readonly ServiceCalls _calls;
    private readonly ServiceSimple _simple;
    private readonly BodyBudget _bodies;

    internal UpstreamHandler(
        SignalRService service, UpstreamProof proof, ConnectionStore connections, ServiceCalls calls, ServiceSimple simple,
        BodyBudget bodies) =>
        (_service, _proof, _connections, _calls, _simple, _bodies) = (service, proof, connections, calls, simple, bodies);

    /// <exception cref="GatewayException"><c>401 invalid_api_key</c>, <c>404 not_found</c>, <c>413</c>, <c>415</c>, <c>400</c>,
    /// <c>503</c>.</exception>
    public async Task<IResult> HandleAsync(
        HttpRequest request, string hub, string category, string name, CancellationToken cancellationToken)
    {
        var service = _service.Require();
        var connectionId = Header(request, "X-ASRS-Connection-Id");
        if (connectionId is not { Length: > 0 and <= 256 })
        {
            throw new GatewayException(GatewayError.Unauthorized("The call names no connection."));
        }

        await _proof.CheckAsync(request, service.Connection, connectionId);
        if (!IsSame(hub, SignalRService.Hub) || !IsSame(Header(request, "X-ASRS-Hub"), hub)
            || !IsSame(Header(request, "X-ASRS-Category"), category) || !IsSame(Header(request, "X-ASRS-Event"), name))
        {
            throw new GatewayException(GatewayError.NotFound());
        }

        var client = await _connections.FindAsync(Header(request, "X-ASRS-User-Id"), connectionId, cancellationToken);
        if (client is null)
        {
            if (!IsSame(name, "disconnected"))
            {
                _calls.CloseLater(service, connectionId, "negotiate again");
            }

            throw new GatewayException(GatewayError.Unauthorized("The connection was not negotiated here, or its time is over."));
        }

        switch (category.ToLowerInvariant(), name.ToLowerInvariant())
        {
            case ("connections", "connected"):
                await _calls.WelcomeAsync(service, client, cancellationToken);
                return Results.Ok();
            case ("connections", "disconnected"):
                await _connections.RemoveAsync(client, cancellationToken);
                return Results.Ok();
            case ("messages", _):
                return await InvokeAsync(request, service, client, name, cancellationToken);
            default:
                return Results.Ok();
        }
    }

    private async Task<IResult> InvokeAsync(
        HttpRequest request, SignalRClient service, ServiceClient client, string name, CancellationToken cancellationToken)
    {
        if (request.ContentType?.Contains("msgpack", StringComparison.OrdinalIgnoreCase) == true)
        {
            throw new GatewayException(GatewayError.UnsupportedMediaType(
                "The gateway speaks the JSON protocol of SignalR; do not set up MessagePack in the client."));
        }

        using var lease = _bodies.Open(client.Ticket.Grant.Caller);
        request.HttpContext.Features.Set(lease);
        var message = await request.ReadJsonAsync(SignalRJson.Default.UpstreamMessage, ServiceLimits.MaxRequest, cancellationToken);
        if (message is not { Type: 1, Target: { } target } || target != name)
        {
            throw new GatewayException(GatewayError.InvalidRequest("The body is no invocation of the event that the path names."));
        }

        if (target is not (ServiceCalls.Method or ServiceSimple.Method))
        {
            var shown = target.Length <= 50 ? target : target[..50];
            return Complete(
                message, null,
                $"There is no method '{shown}'; send frames to '{ServiceCalls.Method}' or messages to '{ServiceSimple.Method}'.");
        }

        if (message.Arguments is not [var frame])
        {
            return Complete(message, null, $"'{target}' takes one argument, the frame or message.");
        }

        if (target == ServiceSimple.Method)
        {
            await _simple.TakeAsync(service, client, frame, cancellationToken);
            return Complete(message, "null"u8.ToArray(), null);
        }

        return Complete(message, await _calls.AnswerAsync(service, client, frame, cancellationToken), null);
    }

    private static IResult Complete(UpstreamMessage message, byte[]? result, string? error)
    {
        if (message.InvocationId is not { } id)
        {
            return Results.Ok(); // sent without waiting for an answer
        }

        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, JsonOutput.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("type"u8, 3);
            json.WriteString("invocationId"u8, id);
            if (error is not null)
            {
                json.WriteString("error"u8, error);
            }
            else
            {
                json.WritePropertyName("result"u8);
                json.WriteRawValue(result, skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        body.WriteByte(RecordSeparator);
        return Results.Bytes(body.ToArray(), "application/json");
    }

    private static string? Header(HttpRequest request, string name) => request.Headers[name] is [{ Length: > 0 } value] ? value : null;

    private static bool IsSame(string? a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
