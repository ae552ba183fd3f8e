using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace OpenClaw.Tests.Support;

/// <summary>
/// What providers demand of the history in a request, from their references and from the texts of their refusals. Written without a
/// look at the code that repairs histories. Each method fails at the first rule that is broken.
/// </summary>
internal static partial class HistoryRules
{
    private static readonly string[] OpenAIFields = ["role", "content", "name", "refusal", "tool_calls", "tool_call_id"];

    /// <summary>Chat completions, as OpenAI, vLLM, Moonshot and DashScope check them together.</summary>
    public static void CheckCompletions(JsonElement body, string host)
    {
        var messages = body.GetProperty("messages").EnumerateArray().ToList();
        Assert.NotEmpty(messages);
        var ids = new HashSet<string>();
        for (var i = 0; i < messages.Count; i++)
        {
            var (message, role) = (messages[i], RoleOf(messages[i]));
            Assert.Contains(role, (string[])["system", "developer", "user", "assistant", "tool"]);
            if (role is "system" or "user")
            {
                CheckContent(message.GetProperty("content"));
            }

            if (role == "tool")
            {
                Assert.Equal(JsonValueKind.String, message.GetProperty("content").ValueKind);
                Assert.Contains(RoleOf(messages[i - 1]), (string[])["assistant", "tool"]);
                Assert.Contains(message.GetProperty("tool_call_id").GetString()!, ids); // its call came before
            }

            if (role == "assistant")
            {
                CheckAnswer(message);
                var calls = CallsOf(message);
                Assert.All(calls, call => Assert.True(ids.Add(call.GetProperty("id").GetString()!), "an id stands twice"));
                var results = messages.Skip(i + 1).TakeWhile(next => RoleOf(next) == "tool")
                    .Select(next => next.GetProperty("tool_call_id").GetString());
                Assert.Equal(calls.Select(call => call.GetProperty("id").GetString()).Order(), results.Order());
            }

            if (host == "api.openai.com")
            {
                Assert.All(message.EnumerateObject(), field => Assert.Contains(field.Name, OpenAIFields));
                Assert.All(CallsOf(message), call => Assert.Equal(3, call.EnumerateObject().Count()));
                Assert.All(CallsOf(message), call => Assert.InRange(call.GetProperty("id").GetString()!.Length, 1, 40));
            }
        }

        if (host == "api.mistral.ai")
        {
            CheckMistral(messages, ids);
        }

        if (host == "api.deepseek.com")
        {
            Assert.All(
                messages.Where(message => RoleOf(message) == "assistant"),
                message => Assert.NotEqual("", message.GetProperty("reasoning_content").GetString()));
        }
    }

    /// <summary>OpenAI's Responses.</summary>
    public static void CheckResponses(JsonElement body)
    {
        var items = body.GetProperty("input").EnumerateArray().ToList();
        Assert.NotEmpty(items);
        var (calls, results) = (new List<string>(), new List<string>());
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            switch (item.GetProperty("type").GetString())
            {
                case "message":
                    CheckContent(item.GetProperty("content"));
                    break;
                case "function_call":
                    var id = item.GetProperty("call_id").GetString()!;
                    Assert.InRange(id.Length, 1, 64);
                    Assert.DoesNotContain(id, calls);
                    calls.Add(id);
                    CheckFunction(item);
                    break;
                case "function_call_output":
                    results.Add(item.GetProperty("call_id").GetString()!);
                    Assert.Contains(results[^1], calls);
                    break;
                case "reasoning":
                    Assert.True(i + 1 < items.Count, "reasoning without the item it led to");
                    Assert.True(
                        items[i + 1].GetProperty("type").GetString() is "reasoning" or "function_call"
                            || RoleOf(items[i + 1]) == "assistant", "reasoning without the item it led to");
                    Assert.DoesNotContain(':', item.GetProperty("encrypted_content").GetString()!); // only what OpenAI itself sealed
                    break;
                case var type:
                    Assert.Fail($"no item of type {type}");
                    break;
            }
        }

        Assert.Equal(calls.Order(), results.Order());
    }

    /// <summary>Anthropic's Messages.</summary>
    public static void CheckMessages(JsonElement body, string model)
    {
        var turns = body.GetProperty("messages").EnumerateArray().ToList();
        Assert.NotEmpty(turns);
        var ids = new HashSet<string>();
        for (var i = 0; i < turns.Count; i++)
        {
            Assert.Equal(i % 2 == 0 ? "user" : "assistant", RoleOf(turns[i]));
            var blocks = turns[i].GetProperty("content").EnumerateArray().ToList();
            Assert.NotEmpty(blocks);
            Assert.All(blocks.Where(block => TypeOf(block) == "text"), block => Assert.False(IsBlank(block.GetProperty("text"))));
            Assert.NotEqual("thinking", RoleOf(turns[i]) == "assistant" ? TypeOf(blocks[^1]) : "");
            Assert.All(
                blocks.Where(block => TypeOf(block) == "thinking" && model.StartsWith("claude", StringComparison.Ordinal)),
                block => Assert.False(IsBlank(block.GetProperty("signature"))));

            var calls = blocks.Where(block => TypeOf(block) == "tool_use").Select(block => block.GetProperty("id").GetString()!).ToList();
            Assert.All(calls, id => Assert.True(ids.Add(id) && WordId().IsMatch(id), id));
            Assert.All(blocks.Where(block => TypeOf(block) == "tool_use"), block =>
                Assert.Equal(JsonValueKind.Object, block.GetProperty("input").ValueKind));
            var next = i + 1 < turns.Count ? turns[i + 1].GetProperty("content").EnumerateArray().ToList() : [];
            Assert.Equal(calls.Order(), ResultsOf(next).Order());
            if (i == 0)
            {
                Assert.Empty(ResultsOf(blocks));
            }
        }

        if (RoleOf(turns[^1]) == "assistant")
        {
            Assert.False(model.StartsWith("claude-opus-4-6", StringComparison.Ordinal), "this model takes no prefill");
            var end = turns[^1].GetProperty("content").EnumerateArray().Last();
            Assert.True(TypeOf(end) != "text" || end.GetProperty("text").GetString()!.TrimEnd() == end.GetProperty("text").GetString());
        }

        // Results open their turn.
        IEnumerable<string> ResultsOf(List<JsonElement> blocks)
        {
            var results = blocks.TakeWhile(block => TypeOf(block) == "tool_result").ToList();
            Assert.DoesNotContain(blocks.Skip(results.Count), block => TypeOf(block) == "tool_result");
            return results.Select(block => block.GetProperty("tool_use_id").GetString()!);
        }
    }

    private static void CheckMistral(List<JsonElement> messages, HashSet<string> ids)
    {
        Assert.All(ids, id => Assert.Matches(MistralId(), id));
        var roles = messages.Select(RoleOf).SkipWhile(role => role == "system").ToList();
        Assert.Equal("user", roles[0]);
        Assert.All(roles.Zip(roles.Skip(1)), pair => Assert.True(pair.First != pair.Second || pair.First == "tool", "equal roles"));
    }

    private static void CheckAnswer(JsonElement message)
    {
        var content = message.GetProperty("content");
        var hasText = content.ValueKind == JsonValueKind.Array ? content.GetArrayLength() > 0
            : content.ValueKind == JsonValueKind.String && !IsBlank(content);
        Assert.True(hasText || content.ValueKind == JsonValueKind.Null, "blank content");
        Assert.True(hasText || CallsOf(message).Count > 0 || message.TryGetProperty("refusal", out _), "an empty answer");
        Assert.All(CallsOf(message), call => CheckFunction(call.GetProperty("function")));
    }

    private static void CheckFunction(JsonElement function)
    {
        Assert.Matches(ToolName(), function.GetProperty("name").GetString()!);
        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(function.GetProperty("arguments").GetString()!).ValueKind);
    }

    private static void CheckContent(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            Assert.False(IsBlank(content));
            return;
        }

        Assert.NotEqual(0, content.GetArrayLength());
        Assert.All(content.EnumerateArray(), part => Assert.False(part.TryGetProperty("text", out var text) && text.GetString() == ""));
    }

    private static List<JsonElement> CallsOf(JsonElement message) =>
        message.TryGetProperty("tool_calls", out var calls) ? [.. calls.EnumerateArray()] : [];

    private static bool IsBlank(JsonElement text) => string.IsNullOrWhiteSpace(text.GetString());

    private static string RoleOf(JsonElement message) => message.TryGetProperty("role", out var role) ? role.GetString()! : "";

    private static string TypeOf(JsonElement block) => block.GetProperty("type").GetString()!;

    [GeneratedRegex("^[A-Za-z0-9]{9}$")]
    private static partial Regex MistralId();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex WordId();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex ToolName();
}
