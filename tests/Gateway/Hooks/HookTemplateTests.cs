using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Gateway.Hooks;
using OpenClaw.Gateway.Hooks.Templates;
using Xunit;

namespace OpenClaw.Tests.Gateway.Hooks;

/// <summary>What a template makes of an event.</summary>
[Trait("Feature", "F72")]
public class HookTemplateTests
{
    private static readonly HookEvent Hook = new(
        JsonDocument.Parse(
            """
            {"a":[{"b":"deep"}],"name":"Ann","count":3,"yes":true,"none":null,"o":{"k":[1,2]},"x-y":"dash","trick":"{{payload.name}} {{now}}"}
            """).RootElement,
        new Dictionary<string, string> { ["x-event"] = "push" }, new Dictionary<string, string> { ["q"] = "asked" }, "github",
        DateTimeOffset.FromUnixTimeSeconds(1_800_000_000))
    { Item = JsonDocument.Parse("""{"id":7}""").RootElement };

    [Theory]
    [InlineData("{{payload.name}}", "Ann")]
    [InlineData("Hello {{ name }}!", "Hello Ann!")]
    [InlineData("{{a[0].b}}", "deep")]
    [InlineData("{{payload.a[0].b}}", "deep")]
    [InlineData("{{a[1].b}}", "")]
    [InlineData("{{a[-1].b}}", "")]
    [InlineData("{{a[99999999999].b}}", "")]
    [InlineData("{{missing.too}}", "")]
    [InlineData("{{name.length}}", "")]
    [InlineData("{{none}}", "")]
    [InlineData("{{count}}/{{yes}}", "3/true")]
    [InlineData("{{o}}", """{"k":[1,2]}""")]
    [InlineData("{{x-y}}", "dash")]
    [InlineData("{{headers.X-Event}}", "push")]
    [InlineData("{{query.q}} {{path}}", "asked github")]
    [InlineData("{{now}}", "2027-01-15T08:00:00.000Z")]
    [InlineData("{{item.id}}", "7")]
    [InlineData("{{}}", "")]
    [InlineData("{{ a b }}", "")]
    [InlineData("{{a..b}}", "")]
    [InlineData("{{unclosed", "{{unclosed")]
    [InlineData("no braces } {", "no braces } {")]
    public void Names_become_values(string template, string text) => Assert.Equal(text, HookTemplate.Render(template, Hook));

    [Fact]
    public void A_value_is_no_template() =>
        Assert.Equal("{{payload.name}} {{now}}", HookTemplate.Render("{{payload.trick}}", Hook));

    [Fact]
    public void A_text_that_grows_too_long_is_refused()
    {
        var hook = Hook with { Payload = JsonDocument.Parse($$"""{"long":"{{new string('x', 1000)}}"}""").RootElement };
        var template = string.Concat(Enumerable.Repeat("{{long}}", 300));
        Assert.Equal(413, Assert.Throws<GatewayException>(() => HookTemplate.Render(template, hook)).Error.Status);
    }
}
