using System.Text.Json.Serialization;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;

namespace OpenClaw.Gateway.Realtime.Simple;

/// <summary>A message to a client of the simple dialect.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(AuthOk), "auth_ok")]
[JsonDerivedType(typeof(Subscribed), "subscribed")]
[JsonDerivedType(typeof(Chunk), "chunk")]
[JsonDerivedType(typeof(WholeMessage), "message")]
[JsonDerivedType(typeof(Done), "done")]
[JsonDerivedType(typeof(RunStatus), "status")]
[JsonDerivedType(typeof(Pong), "pong")]
[JsonDerivedType(typeof(Failure), "error")]
internal abstract record SimpleMessage;

internal sealed record AuthOk(string User) : SimpleMessage;

/// <param name="Events">What the client gets from now on: <c>message</c>, <c>status</c>, both or nothing.</param>
internal sealed record Subscribed(IReadOnlyList<string> Events) : SimpleMessage
{
    /// <summary>Null for all sessions.</summary>
    public string? SessionId { get; init; }
}

/// <summary>More of an answer.</summary>
internal sealed record Chunk(string Content, string SessionId) : SimpleMessage;

/// <summary>The whole answer, once it is stored; or a message of a session that the client subscribed to.</summary>
internal sealed record WholeMessage(string Content, string SessionId) : SimpleMessage
{
    /// <summary><c>user</c> or <c>assistant</c>; null for the answer to the client's own message.</summary>
    public string? Role { get; init; }

    /// <summary>The run that the message belongs to, where it is known.</summary>
    public string? RunId { get; init; }

    /// <summary>True when the text is too large for the connection; the history has it.</summary>
    public bool? Truncated { get; init; }
}

/// <summary>A run of a session that the client subscribed to.</summary>
/// <param name="Status"><c>running</c>, <c>completed</c>, <c>failed</c> or <c>cancelled</c>.</param>
internal sealed record RunStatus(string Status, string SessionId, string RunId) : SimpleMessage;

internal sealed record Done(string SessionId, SimpleUsage Usage) : SimpleMessage;

internal sealed record SimpleUsage(long PromptTokens, long CompletionTokens, long TotalTokens);

internal sealed record Pong : SimpleMessage;

/// <param name="Code">Such as <c>UNAUTHORIZED</c>, <c>INVALID_MESSAGE</c> or <c>INVALID_SESSION</c>.</param>
internal sealed record Failure(string Code, string Message) : SimpleMessage
{
    public string? SessionId { get; init; }

    /// <summary>Seconds.</summary>
    public long? RetryAfter { get; init; }

    public static Failure Of(GatewayError error, string? sessionId) => new(
        error.Code switch
        {
            ErrorCode.InvalidSessionKey or ErrorCode.SessionNotFound => "INVALID_SESSION",
            ErrorCode.MissingRequiredParameter or ErrorCode.InvalidType or ErrorCode.InvalidValue => "INVALID_MESSAGE",
            _ => ErrorCodes.Of(error),
        },
        error.Message)
    {
        SessionId = sessionId is { Length: > 0 } ? sessionId : null,
        RetryAfter = error.RetryAfter is { } after ? Math.Max(1, (long)Math.Ceiling(after.TotalSeconds)) : null,
    };
}

/// <summary>JSON of the simple dialect: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SimpleMessage))]
internal sealed partial class SimpleJson : JsonSerializerContext;
