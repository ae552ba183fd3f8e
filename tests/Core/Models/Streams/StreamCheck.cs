using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Models.Anthropic;
using OpenClaw.Models.Completions;
using OpenClaw.Models.Providers;
using OpenClaw.Models.Responses;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Tests.Core.Models.Streams;

/// <summary>Reads the stream of a case and compares it with the answer it was made of. An answer that was cut or failed must never pass
/// for a complete one.</summary>
internal static class StreamCheck
{
    public static IReadOnlyList<string> Apis { get; } = ["openai-completions", "openai-responses", "anthropic-messages"];

    private static readonly Dictionary<string, ProviderTransport> Transports = Apis.ToDictionary(api => api, api => new ProviderTransport(
        "p", ProviderApis.Find(api)!, new ProviderSection { Api = api, BaseUrl = "http://127.0.0.1:9/v1" }, new ModelHttpOptions(),
        NullLogger.Instance));

    /// <returns>What is wrong, or null.</returns>
    public static async Task<string?> RunAsync(string api, StreamCase stream)
    {
        var random = stream.CreateRandom();
        var script = StreamScript.Of(api, stream, random);
        var sent = StreamBytes.Of(script, stream, random);
        var output = new StreamOutput();
        string? got = null;
        GatewayException? failure = null;
        try
        {
            got = StreamAnswer.Of(await output.WatchAsync(Reading.Of(api, sent, stream, random)).FoldAsync()).ToString();
        }
        catch (GatewayException exception)
        {
            failure = exception;
        }

        var expected = script.Expected.ToString();
        var wrong = output.End(failure is not null)
            ?? (sent.HasError && failure is null ? "an error was told as an answer: " + got
                : sent is { Cut: null, HasError: false } && failure is not null ? "no answer: " + failure.Error.Code
                : failure is null && got != expected ? "wrong answer" + (sent.Cut is null ? "" : " of a cut stream") + ": " + got
                : failure is null && output.Answer() is var whole && whole != expected ? "wrong output: " + whole
                : null);
        return wrong is null
            ? null
            : $"{api}, {stream}\n{wrong}\nexpected: {expected}\n{Encoding.UTF8.GetString(sent.Bytes)}\ncut: {sent.Cut}";
    }

    private sealed class Reading : StreamingChatClient
    {
        private static readonly string?[] Types = ["text/event-stream", "application/json", null, "text/plain", "text/html"];

        public override void Check(ChatOptions options)
        {
        }

        public static IAsyncEnumerable<ChatResponseUpdate> Of(string api, StreamBytes sent, StreamCase stream, Random random)
        {
            var options = new ModelHttpOptions();
            var body = new StreamBody(sent, stream.ChunkSize, random);
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(body) };
            var type = Types[stream.ContentType % Types.Length];
            response.Content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
            var answer = new UpstreamAnswer(response, new Deadline(options.IdleTimeout, options.TimeProvider, default), options);
            return ReadAsync(answer, ReaderOf(api), default);
        }

        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        private static AnswerReader ReaderOf(string api) => api switch
        {
            "openai-completions" => new CompletionsReader(Transports[api], int.MaxValue),
            "openai-responses" => new ResponsesReader(Transports[api], int.MaxValue),
            _ => new AnthropicReader(Transports[api], int.MaxValue),
        };
    }
}
