using System.Text;
using OpenClaw.Models.Upstream;
using Xunit;
using static OpenClaw.Models.Upstream.UpstreamErrorClass;

namespace OpenClaw.Tests.Core.Models;

/// <summary>What a provider's error means for the caller and for the next try, over the wire, for each case of
/// <see cref="ProviderErrorCase"/>.</summary>
public class UpstreamErrorTableTests
{
    [Theory, Trait("Feature", "R13")]
    [MemberData(nameof(ProviderErrorCase.Refusals), MemberType = typeof(ProviderErrorCase))]
    public async Task A_refusal_means_what_the_provider_says(int number, string name)
    {
        var wanted = ProviderErrorCase.All[number];
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.Always(call => call.RespondAsync(wanted.Status, wanted.Body));

        var error = await models.FailAsync();

        Assert.Equal((AnswerTo(wanted.Class), name), ((error.Status, CodeOf(error.Code, wanted.Class)), name));
        Assert.Equal((TriesOf(wanted), name), (models.Upstream.Requests.Count, name));
    }

    [Theory, Trait("Feature", "R17")]
    [MemberData(nameof(ProviderErrorCase.InAnswers), MemberType = typeof(ProviderErrorCase))]
    public async Task The_same_error_in_a_whole_answer_with_status_200_means_the_same(int number, string name)
    {
        var wanted = ProviderErrorCase.All[number];
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.NextStatus(200, wanted.Body);

        var error = await models.FailAsync();

        Assert.Equal((AnswerTo(wanted.Class), name), ((error.Status, CodeOf(error.Code, wanted.Class)), name));
    }

    [Theory, Trait("Feature", "R17")]
    [MemberData(nameof(ProviderErrorCase.InAnswers), MemberType = typeof(ProviderErrorCase))]
    public async Task The_same_error_in_a_stream_means_the_same(int number, string name)
    {
        var wanted = ProviderErrorCase.All[number];
        await using var models = await ModelHarness.StartAsync();
        models.Events("""{"choices":[{"index":0,"delta":{"role":"assistant","content":"half"}}]}""", wanted.Body);

        var error = await models.FailAsync();

        Assert.Equal((AnswerTo(wanted.Class), name), ((error.Status, CodeOf(error.Code, wanted.Class)), name));
    }

    [Fact]
    public void Each_row_of_the_table_decides_one_of_the_cases()
    {
        var decided = ProviderErrorCase.All
            .Select(c => UpstreamErrorTable.Find(UpstreamError.Parse(Encoding.UTF8.GetBytes(c.Body)), c.Status == 200 ? 0 : c.Status))
            .ToHashSet();

        Assert.DoesNotContain(UpstreamErrorTable.Rows, row => !decided.Contains(row));
    }

    [Fact]
    public void Each_row_names_its_source_and_stands_in_the_table_once()
    {
        Assert.All(UpstreamErrorTable.Rows, row => Assert.Contains(": ", row.Source, StringComparison.Ordinal));
        Assert.Equal(
            UpstreamErrorTable.Rows.Count,
            UpstreamErrorTable.Rows.DistinctBy(row => (row.Code?.ToUpperInvariant(), row.Phrase?.ToUpperInvariant(), row.And)).Count());
    }

    [Fact, Trait("Feature", "R13")]
    public async Task The_wait_in_the_body_of_an_error_is_kept_like_a_header()
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.NextStatus(429, """
            [{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Quota exceeded.","details":[
              {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.5s"}]}}]
            """);

        var error = await models.FailAsync();

        Assert.Equal(("upstream_rate_limited", TimeSpan.FromSeconds(34.5)), (error.Code, error.RetryAfter));
        Assert.Single(models.Upstream.Requests); // longer than a caller can be asked to wait
    }

    [Fact, Trait("Feature", "R14")]
    public async Task Only_failures_of_the_provider_itself_open_its_circuit()
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.Always(call => call.RespondAsync(
            500, """{"error":{"message":"This model's maximum context length is 4096 tokens. However, your messages resulted in 9000 tokens."}}"""));

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("context_length_exceeded", (await models.FailAsync()).Code);
        }

        Assert.Equal(20, models.Upstream.Requests.Count);
    }

    [Fact]
    public async Task An_error_of_any_shape_and_depth_is_read_without_harm()
    {
        await using var models = await ModelHarness.StartAsync();
        string[] bodies =
        [
            "null", "7", "\"text\"", "[]", "[[]]", """{"error":null}""", """{"error":[]}""", """{"error":{"message":{"message":{}}}}""",
            """{"error":{"message":"\ud800"}}""", """{"error":{"message":"{\"error\":"}}""", """{"error":{"code":1e400,"status":-1}}""",
            string.Concat(Enumerable.Repeat("""{"error":""", 60)) + "1" + new string('}', 60),
            string.Concat(Enumerable.Repeat("[", 5000)),
        ];
        foreach (var body in bodies)
        {
            models.Upstream.NextStatus(400, body);
            Assert.Equal(400, (await models.FailAsync()).Status);
        }
    }

    private static (int Status, string Code) AnswerTo(UpstreamErrorClass meaning) => meaning switch
    {
        ContextOverflow => (400, "context_length_exceeded"),
        RequestTooLarge => (413, "upstream_request_too_large"),
        RateLimit => (429, "upstream_rate_limited"),
        Quota => (429, "insufficient_quota"),
        Overloaded => (503, "upstream_overloaded"),
        ContentFilter => (400, "content_filter"),
        BadKey => (502, "upstream_authentication"),
        Permission => (502, "upstream_permission"),
        ModelGone => (404, "model_not_found"),
        NoSuchPath => (502, "upstream_protocol"),
        TimedOut => (504, "upstream_timeout"),
        ServerError => (502, "upstream_unavailable"),
        _ => (400, "upstream_rejected"),
    };

    /// <summary>A request that is refused as invalid keeps the provider's own code where it has one.</summary>
    private static string CodeOf(string code, UpstreamErrorClass meaning) => meaning != BadRequest ? code
        : code is "unsupported_parameter" or "unknown_parameter" or "string_above_max_length" or "invalid_request_error"
            ? "upstream_rejected" : code;

    private static int TriesOf(ProviderErrorCase wanted) => wanted.Class switch
    {
        RateLimit or Overloaded => 3,
        ServerError when wanted.Status is 500 or 502 or 503 => 3,
        TimedOut when wanted.Status == 408 => 3,
        _ => 1,
    };
}
