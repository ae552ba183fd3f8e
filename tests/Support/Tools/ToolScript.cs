using System.Text.Json;

namespace OpenClaw.Tests.Support.Tools;

/// <summary>What a scripted model says in runs with tools.</summary>
internal static class ToolScript
{
    /// <summary>Answers with text, if there is any, and calls: name and arguments, with ids <c>c0</c>, <c>c1</c> and so on.</summary>
    public static async Task CallAsync(this UpstreamCall call, string text, params (string Name, string Arguments)[] calls)
    {
        await call.StartStreamAsync();
        if (text.Length > 0)
        {
            await call.SendDeltaAsync(text);
        }

        for (var i = 0; i < calls.Length; i++)
        {
            await call.SendCallAsync(i, $"c{i}", calls[i].Name, calls[i].Arguments);
        }

        await call.FinishAsync(calls.Length > 0 ? "tool_calls" : "stop");
    }

    /// <summary>The names of the tools that a request offers.</summary>
    public static string Offered(this UpstreamRequest request) => !request.Body.TryGetProperty("tools", out var tools) ? "" : string.Join(
        ' ', tools.EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()));

    /// <summary>The texts of the results in a request, in order.</summary>
    public static List<string> Results(this UpstreamRequest request) =>
        [.. request.Body.GetProperty("messages").EnumerateArray().Where(m => m.GetProperty("role").GetString() == "tool")
            .Select(m => m.GetProperty("content")).Select(c => c.ValueKind == JsonValueKind.String ? c.GetString()! : c.GetRawText())];
}
