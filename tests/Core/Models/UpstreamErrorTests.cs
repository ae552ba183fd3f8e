using OpenClaw.Errors;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

public class UpstreamErrorTests
{
    [Theory]
    [InlineData(401, """{"error":{"message":"Incorrect API key"}}""", 502, "upstream_authentication", null)]
    [InlineData(403, "<html>", 502, "upstream_permission", null)]
    [InlineData(402, "{}", 429, "insufficient_quota", null)]
    [InlineData(429, """{"error":{"code":"insufficient_quota"}}""", 429, "insufficient_quota", null)]
    [InlineData(404, """{"error":{"message":"The model does not exist","code":"model_not_found"}}""", 404, "model_not_found", "model")]
    [InlineData(404, """{"error":"model 'x' not found, try pulling it first"}""", 404, "model_not_found", "model")]
    [InlineData(404, """{"object":"error","message":"The model `x` does not exist.","code":404}""", 404, "model_not_found", "model")]
    [InlineData(400, """{"error":{"code":"model_not_found"}}""", 404, "model_not_found", "model")]
    [InlineData(404, "<html>not here</html>", 502, "upstream_protocol", null)]
    [InlineData(404, """{"detail":"Not Found"}""", 502, "upstream_protocol", null)]
    [InlineData(400, """{"error":{"message":"…","code":"context_length_exceeded"}}""", 400, "context_length_exceeded", "messages")]
    [InlineData(400, """{"message":"This model's maximum context length is 4096 tokens."}""", 400, "context_length_exceeded", "messages")]
    [InlineData(413, """[{"error":{"message":"prompt is too long: 9 tokens"}}]""", 400, "context_length_exceeded", "messages")]
    [InlineData(400, """{"error":{"message":"bad","param":"messages[0].role","code":"invalid_value"}}""", 400, "invalid_value",
        "messages[0].role")]
    [InlineData(422, """{"error":{"message":"bad","param":"a b <script>","code":"Not A Code"}}""", 400, "upstream_rejected", null)]
    [InlineData(400, """{"error":{"message":"bad","param":7,"code":null}}""", 400, "upstream_rejected", null)]
    [InlineData(400, "garbage", 400, "upstream_rejected", null)]
    [InlineData(301, "", 502, "upstream_protocol", null)]
    [InlineData(501, "", 502, "upstream_unavailable", null)]
    public async Task A_refusal_of_the_provider_becomes_one_of_ours(int status, string body, int ours, string code, string? param)
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.NextStatus(status, body);

        var error = await models.FailAsync();

        Assert.Equal((ours, code, param), (error.Status, error.Code, error.Param));
    }

    [Fact]
    public async Task A_web_page_with_status_200_is_not_an_answer()
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.Next(call => call.RespondAsync(200, "<html>sign in</html>", "text/html"));

        Assert.Equal("upstream_protocol", (await models.FailAsync()).Code);
    }

    [Fact]
    public async Task An_error_in_a_whole_answer_with_status_200_is_an_error()
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.NextStatus(200, """{"error":{"message":"slow down","type":"rate_limit_error"}}""");

        Assert.Equal("upstream_rate_limited", (await models.FailAsync()).Code);
    }

    [Fact, Trait("Feature", "T34")]
    public async Task A_providers_error_text_is_logged_without_secrets_and_never_shown()
    {
        const string Canary = "CANARY-upstream-text";
        const string Error = "{\"error\":{\"message\":\"" + Canary + "\\r\\nforged line: bad key sk-test-upstream or sk-other-12345678, "
            + "'Bearer abc.def', http://user:secret-pw@host/\"}}";
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.NextStatus(401, Error).NextStatus(400, Error).NextStatus(404, Error);
        models.Events(Error);

        for (var i = 0; i < 4; i++)
        {
            var exception = await Assert.ThrowsAsync<GatewayException>(() => models.AskAsync());
            Assert.DoesNotContain(Canary, exception.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(Canary, exception.Error.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(4, models.Logs.Count);
        Assert.All(models.Logs, line =>
        {
            Assert.StartsWith("Warning: Provider mock", line, StringComparison.Ordinal);
            Assert.Contains(Canary, line, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', line);
            Assert.DoesNotContain('\r', line);
            Assert.All(["sk-test-upstream", "sk-other", "abc.def", "secret-pw"], secret =>
                Assert.DoesNotContain(secret, line, StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task A_long_error_is_logged_in_part()
    {
        await using var models = await ModelHarness.StartAsync();
        models.Upstream.NextStatus(400, "{\"error\":{\"message\":\"" + new string('x', 60_000) + "\"}}").NextStatus(
            400, new string('x', 1_000_000));

        await models.FailAsync();
        await models.FailAsync();

        Assert.All(models.Logs, line => Assert.InRange(line.Length, 1, 700));
    }
}
