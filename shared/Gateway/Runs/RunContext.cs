using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Runs;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Runs;

/// <summary>Reads the headers that every front that runs an agent knows.</summary>
public static class RunContext
{
    public const string AgentHeader = "x-openclaw-agent-id";
    public const string ModelHeader = "x-openclaw-model";
    public const string SessionHeader = "x-openclaw-session-key";
    public const string IncognitoHeader = "x-openclaw-incognito";

    /// <summary>Longest name of a model: it becomes part of rows.</summary>
    private const int MaxModelLength = 256;

    /// <summary>Longest <c>user</c>: it becomes part of rows.</summary>
    private const int MaxUserLength = 512;

    /// <summary>Whether nothing of the request may be stored.</summary>
    public static bool IsIncognito(this HttpRequest request) =>
        request.Headers[IncognitoHeader].ToString() is var value
            && (value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase));

    /// <exception cref="GatewayException"><c>403 missing_scope</c>: an identity may not choose the backend model by header without
    /// admin. <c>400 invalid_value</c>: a name of more than 256 characters.</exception>
    public static ModelSelection ReadSelection(this HttpRequest request, Caller caller, string? model)
    {
        var modelHeader = request.Headers[ModelHeader].ToString();
        CheckLength(model, "model", MaxModelLength);
        CheckLength(modelHeader, ModelHeader, MaxModelLength);
        if (modelHeader.Length > 0 && caller.IsIdentity)
        {
            caller.Require(Scope.OperatorAdmin);
        }

        var named = request.HttpContext.RequestServices.GetRequiredService<ModelAliases>().Resolve(model);
        var selection = ModelSelection.Parse(named, request.Headers[AgentHeader].ToString(), modelHeader);
        return named == model ? selection : selection with { Requested = model!.Trim() };
    }

    /// <summary>The session a request asks for: the one that the header names; else a stable one for <c>user</c>; else none.</summary>
    /// <param name="agent">Id of the agent that will run.</param>
    /// <param name="surface"><c>openai</c>, <c>openresponses</c> or <c>anthropic</c>.</param>
    /// <exception cref="GatewayException"><c>400 invalid_session_key</c>; <c>400 invalid_value</c>: a <c>user</c> of more than 512
    /// characters.</exception>
    public static SessionKey? ReadSession(this HttpRequest request, Caller caller, string agent, string surface, string? user)
    {
        CheckLength(user, "user", MaxUserLength);
        return request.IsIncognito() ? null
            : request.Headers.TryGetValue(SessionHeader, out var header)
                ? SessionKey.Explicit(caller, agent, header.ToString(), SessionHeader)
            : string.IsNullOrEmpty(user) ? null
            : SessionKey.OfUser(caller, agent, surface, user);
    }

    private static void CheckLength(string? text, string param, int most)
    {
        if (text?.Length > most)
        {
            throw new GatewayException(GatewayError.InvalidValue(param, $"at most {most} characters."));
        }
    }
}
