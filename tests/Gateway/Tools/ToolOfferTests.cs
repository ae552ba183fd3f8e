using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Tools;
using OpenClaw.Tools;
using Xunit;

namespace OpenClaw.Tests.Gateway.Tools;

/// <summary>Which tools a model is offered, by what the configuration asks for.</summary>
[Trait("Feature", "F54")]
public sealed class ToolOfferTests
{
    private const string Ask = """{"model":"mock/m","input":"go","store":false}""";

    [Fact]
    public async Task Without_a_word_about_tools_only_tools_of_others_are_offered()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, null);
        upstream.Next(call => call.CallAsync("Done."));

        await gateway.CreateAsync(Ask);

        Assert.Equal("theirs", upstream.Requests[0].Offered());
    }

    [Theory]
    [InlineData("profile")]
    [InlineData("allow")]
    [InlineData("alsoAllow")]
    public async Task Each_key_that_asks_for_tools_switches_the_built_in_ones_on(string key)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, c => c.Tools = c.Tools with
        {
            Rules = key switch
            {
                "profile" => new ToolRulesSection { Profile = "coding" },
                "allow" => new ToolRulesSection { Allow = ["fs_read"] },
                _ => new ToolRulesSection { AlsoAllow = ["fs_read"] },
            },
        });
        upstream.Next(call => call.CallAsync("Done."));

        await gateway.CreateAsync(Ask);

        Assert.Contains("fs_read", upstream.Requests[0].Offered().Split(' '));
    }

    [Fact]
    public async Task A_built_in_tool_that_the_request_names_is_offered_without_configuration()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, null);
        upstream.Next(call => call.CallAsync("Done."));

        await gateway.CreateAsync("""{"model":"mock/m","input":"go","store":false,"tools":["fs_list"]}""");

        Assert.Equal("fs_list", upstream.Requests[0].Offered());
    }

    [Fact]
    public async Task A_model_that_cannot_call_tools_is_offered_none_and_a_name_is_refused()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, c =>
        {
            c.Tools = c.Tools with { Rules = new ToolRulesSection { Profile = "full" } };
            c.Models.Providers["mock"].Compat = new CompatSection { SupportsTools = false };
        });
        upstream.Next(call => call.CallAsync("Done."));

        await gateway.CreateAsync(Ask);
        using var named = await gateway.PostResponseAsync("""{"model":"mock/m","input":"go","store":false,"tools":["fs_list"]}""");

        Assert.Equal("", upstream.Requests[0].Offered());
        Assert.Equal("unknown_tool", (await named.ReadErrorAsync()).Code);
    }

    private static Task<GatewayHost> StartAsync(ScriptedUpstream upstream, Action<GatewayConfig>? configure) => GatewayHost.StartAsync(
        null,
        config =>
        {
            config.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() };
            configure?.Invoke(config);
        },
        services => services.AddSingleton<IToolSource>(new TestTools([new TestTool("theirs")])));
}
