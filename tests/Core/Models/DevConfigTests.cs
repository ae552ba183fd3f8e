using OpenClaw.Configuration;
using OpenClaw.Functions.Cli.Dev;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

public class DevConfigTests
{
    [Fact]
    public void An_anthropic_key_configures_the_native_api()
    {
        var config = new GatewayConfig();
        DevConfig.Complete(config, name => name == "ANTHROPIC_API_KEY" ? "sk-ant" : null, () => "t");

        var provider = config.Models.Providers["anthropic"];
        Assert.Equal(("anthropic-messages", "sk-ant", null), (provider.Api, provider.ApiKey, provider.BaseUrl));
        Assert.Equal("anthropic/claude-sonnet-4-5", config.Agents.Defaults.Model!.Primary);
        Assert.True(config.Gateway.Http.Endpoints.Messages.Enabled);
    }
}
