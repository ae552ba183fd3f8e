namespace OpenClaw.Gateway.ChatCompletions;

/// <summary>The fields that every chunk of one answer repeats.</summary>
/// <param name="Id"><c>chatcmpl-…</c>.</param>
/// <param name="Created">Unix seconds.</param>
/// <param name="Model">The <c>model</c> field as the caller sent it.</param>
/// <param name="IncludeUsage">Whether a usage chunk ends the stream.</param>
/// <param name="UsesFunctions">Whether a call is given as <c>function_call</c> instead of <c>tool_calls</c>.</param>
internal sealed record ChatHead(string Id, long Created, string Model, bool IncludeUsage, bool UsesFunctions);
