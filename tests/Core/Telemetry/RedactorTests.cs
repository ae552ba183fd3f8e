using OpenClaw.Models.Upstream;
using OpenClaw.Telemetry;
using Xunit;

namespace OpenClaw.Tests.Core.Telemetry;

/// <summary>Secrets leave no log line, wherever it is cut.</summary>
public sealed class RedactorTests
{
    /// <summary>Put together at run time, so that no scanner takes the tests for a leak.</summary>
    public static TheoryData<string> Secrets => new(
        new[]
        {
            "sk-|proj-Zx81mQ0pLr7TnB2c", "sk-|ant-api03-Zx81mQ0pLr7TnB2c", "sk_|live_Zx81mQ0pLr7TnB2c", "rk_|live_Zx81mQ0pLr7TnB2c",
            "oc_live_|AAAAAAAAAAAAAAAAAAAAAAAA_BBBBBBBBBBBBBBBBBBBBBBBB", "oc_gw_|Zx81mQ0pLr7TnB2c", "xai-|Zx81mQ0pLr7TnB2c",
            "gsk_|Zx81mQ0pLr7TnB2c", "hf_|Zx81mQ0pLr7TnB2c", "r8_|Zx81mQ0pLr7TnB2c", "pplx-|Zx81mQ0pLr7TnB2c", "nvapi-|Zx81mQ0pLr7TnB2c",
            "fw_|Zx81mQ0pLr7TnB2c", "csk-|Zx81mQ0pLr7TnB2c", "tvly-|Zx81mQ0pLr7TnB2c", "AIza|SyZx81mQ0pLr7TnB2cKqWv9dEfGhIjKlMnO",
            "ya29.|Zx81mQ0pLr7TnB2cKqWv9dEf", "AKIA|ZX81MQ0PLR7TNB2C", "ghp_|Zx81mQ0pLr7TnB2c", "github_pat_|Zx81mQ0pLr7TnB2c",
            "glpat-|Zx81mQ0pLr7TnB2c", "xoxb-|123456789012-Zx81mQ0pLr7T", "xapp-|1-A0Zx81mQ0pLr7T", "npm_|Zx81mQ0pLr7TnB2c",
            "SG.|Zx81mQ0pLr7TnB2c.Zx81mQ0pLr7TnB2c", "123456789:|AAZx81mQ0pLr7TnB2cKqWv9dEfGhIjKlMn",
            "eyJ|hbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl", "whsec_|Zx81mQ0pLr7TnB2c",
        }.Select(s => s.Replace("|", "", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Secrets))]
    [Trait("Feature", "T34")]
    public void A_credential_is_known_by_its_prefix_in_every_log(string secret)
    {
        var line = $"the call with {secret} failed";
        Assert.Equal("the call with [redacted] failed", new Redactor().Clean(line));
        Assert.Equal("the call with [redacted] failed", UpstreamError.Loggable(line, []));
    }

    [Theory]
    [InlineData("api-key: Zx81mQ0p")]
    [InlineData("x-api-key: Zx81mQ0p")]
    [InlineData("Authorization: Bearer Zx81mQ0p")]
    [InlineData("{\"api_key\":\"Zx81mQ0p\"}")]
    [InlineData("{\"client_secret\": \"Zx81mQ0p\"}")]
    [InlineData("https://h.example/?access_token=Zx81mQ0p&x=1")]
    [InlineData("https://user:Zx81mQ0p@h.example/")]
    [InlineData("AccountName=a;AccountKey=Zx81mQ0p;EndpointSuffix=x")]
    [Trait("Feature", "T34")]
    public void A_value_behind_a_name_is_masked(string line) =>
        Assert.DoesNotContain("Zx81mQ0p", new Redactor().Clean(line), StringComparison.Ordinal);

    [Theory]
    [InlineData("Run run_abc of agent main on openai/gpt-5 ended after 12 ms: ok")]
    [InlineData("the token budget is used up; 5 tokens left")]
    [InlineData("Session key: agent:main:api:s")]
    [InlineData("task-based desk-top masks risk-aversion")]
    public void Ordinary_words_stay(string line) => Assert.Equal(line, new Redactor().Clean(line));

    [Fact]
    [Trait("Feature", "T34")]
    public void A_secret_across_the_cut_is_masked_before_it()
    {
        var redactor = new Redactor();
        redactor.Use(["configured-canary-51c9"]);
        var form = "sk-" + "proj-Zx81mQ0pLr7TnB2cKqWv9dEf";
        foreach (var secret in new[] { "configured-canary-51c9", form })
        {
            for (var shift = 1; shift < secret.Length; shift++)
            {
                foreach (var rest in new[] { 0, 100_000 })
                {
                    var text = new string('.', Redactor.MaxLength - shift) + secret + new string('.', rest);
                    Assert.DoesNotContain(secret[..Math.Min(shift, 6)], redactor.Clean(text), StringComparison.Ordinal);
                }
            }
        }
    }
}
