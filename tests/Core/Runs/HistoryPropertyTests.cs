using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using OpenClaw.Configuration;
using OpenClaw.Models;
using OpenClaw.Models.Anthropic;
using OpenClaw.Models.Completions;
using OpenClaw.Models.Responses;
using OpenClaw.Runs.Context;
using OpenClaw.Sessions;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Runs;

/// <summary>Whatever a conversation holds, each provider API gets one that it accepts, and nothing said is lost.</summary>
public class HistoryPropertyTests
{
    private const int Cases = 1500;

    private static readonly CompatSection Compat = new();

    [Theory]
    [InlineData("api.openai.com", "gpt-4o")]
    [InlineData("api.mistral.ai", "mistral-large-latest")]
    [InlineData("api.deepseek.com", "deepseek-chat")]
    [InlineData("127.0.0.1", "m")]
    public void Chat_completions_providers_accept_every_history(string host, string model) => Check(model, (output, messages) =>
        CompletionsRequest.Write(output, model, messages, null, CompletionsDialect.Of("mock", host, isAzure: false, model, Compat)),
        body => HistoryRules.CheckCompletions(body, host));

    [Fact]
    public void Responses_providers_accept_every_history() => Check("gpt-5", (output, messages) =>
        ResponsesRequest.Write(output, "gpt-5", messages, null, Compat), HistoryRules.CheckResponses);

    [Theory]
    [InlineData("claude-sonnet-4-5")]
    [InlineData("claude-opus-4-6")]
    [InlineData("kimi-k2")]
    public void Anthropic_providers_accept_every_history(string model) => Check(model, (output, messages) =>
        AnthropicRequest.Write(output, model, messages, null, null, Compat), body => HistoryRules.CheckMessages(body, model));

    private static void Check(
        string model, Action<IBufferWriter<byte>, IReadOnlyList<Microsoft.Extensions.AI.ChatMessage>> write, Action<JsonElement> check)
    {
        var target = new ModelTarget($"mock/{model}", "mock", model, null!, null);
        Prop.ForAll(ArbMap.Default.ArbFor<List<byte>>(), bytes =>
        {
            var history = RandomHistory.From(bytes);
            var output = new ArrayBufferWriter<byte>();
            write(output, ProviderState.Fit(Prompt.ToMessages("system", history), target));
            var text = Encoding.UTF8.GetString(output.WrittenSpan);
            check(JsonElement.Parse(text));
            Assert.DoesNotContain(RandomHistory.Cut, text, StringComparison.Ordinal);
            Assert.All(SaidIn(history), said => Assert.Contains(said, text, StringComparison.Ordinal));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases).WithReplay(20261127, 1));
    }

    /// <summary>Texts of users and assistants, and results of tools.</summary>
    private static IEnumerable<string> SaidIn(List<ConversationItem> history) => history
        .Where(item => item is not MessageItem { Role: "system" or "developer" })
        .SelectMany(item => item is MessageItem message ? message.Content : (item as FunctionCallOutputItem)?.Output ?? [])
        .OfType<TextPart>().Select(part => part.Text.Trim()).Where(text => text.Length > 0);
}
