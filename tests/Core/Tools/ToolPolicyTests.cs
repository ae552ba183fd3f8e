using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Security;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Tools;
using OpenClaw.Tools;
using OpenClaw.Tools.Policy;
using Xunit;

namespace OpenClaw.Tests.Core.Tools;

/// <summary>Which tools a configuration leaves for whom.</summary>
[Trait("Feature", "F54")]
public sealed class ToolPolicyTests
{
    private static readonly Caller Owner = new(Caller.OperatorSubject, Scope.Default, IsIdentity: false, IsOwner: true);

    private static readonly Caller Administrator = new("user:ann", Scope.Default, IsIdentity: true, IsOwner: false);

    private static readonly Caller Key = new("key:k1", Scope.OperatorWrite, IsIdentity: true, IsOwner: false);

    private static readonly TestTools All = new(
        new TestTool("cron"), new TestTool("docs__find"), new TestTool("exec") { Groups = ["group:runtime"] },
        new TestTool("fs_read") { Groups = ["group:fs"] }, new TestTool("fs_write") { Groups = ["group:fs"] },
        new TestTool("message") { Groups = ["group:messaging"] }, new TestTool("session_status") { Groups = ["group:sessions"] },
        new TestTool("sessions_send") { Groups = ["group:sessions"] }, new TestTool("web_fetch") { Groups = ["group:web"] });

    [Theory]
    [InlineData("{}", "cron docs__find exec fs_read fs_write message session_status sessions_send web_fetch")]
    [InlineData("{tools: {profile: 'full', deny: ['*']}}", "")]
    [InlineData("{tools: {profile: 'minimal'}}", "session_status")]
    [InlineData("{tools: {profile: 'minimal', alsoAllow: ['DOCS__*']}}", "docs__find session_status")]
    [InlineData("{tools: {profile: 'messaging'}}", "message session_status sessions_send")]
    [InlineData("{tools: {profile: 'coding'}}", "cron exec fs_read fs_write session_status sessions_send web_fetch")]
    [InlineData("{tools: {profile: 'coding', allow: ['group:fs', 'message'], deny: ['FS_Write']}}", "fs_read")]
    [InlineData("{tools: {deny: ['group:fs']}, agents: {entries: {main: {tools: {allow: ['fs_read', 'exec']}}}}}", "exec")]
    [InlineData("{tools: {profile: 'minimal'}, agents: {entries: {main: {tools: {profile: 'messaging'}}}}}", "message session_status sessions_send")]
    [InlineData("{tools: {profile: 'messaging', byProvider: {acme: {profile: 'minimal'}}}}", "session_status")]
    [InlineData("{tools: {byProvider: {acme: {profile: 'minimal'}, 'acme/large': {allow: ['exec']}}}}", "exec")]
    [InlineData("{tools: {byProvider: {other: {profile: 'minimal'}}, allow: ['exec']}}", "exec")]
    [InlineData("{agents: {list: [{id: 'main', tools: {byProvider: {acme: {allow: ['cron']}}}}]}}", "cron")]
    [InlineData("{tools: {byChannel: {telegram: {allow: ['message']}}}}", "message")]
    [InlineData("{tools: {byChannel: {slack: {allow: ['message']}}, allow: ['exec']}}", "exec")]
    [InlineData("{tools: {toolsBySender: {'*': {deny: ['*']}, 'id:42': {allow: ['exec', 'cron'], deny: ['cron']}}}}", "exec")]
    [InlineData("{tools: {toolsBySender: {'*': {allow: ['cron']}, 'id:43': {allow: ['exec']}}}}", "cron")]
    [InlineData("{tools: {toolsBySender: {'channel:telegram:42': {allow: ['cron']}, 'id:42': {allow: ['exec']}}}}", "cron")]
    [InlineData("{tools: {toolsBySender: {'subject:operator': {allow: ['cron']}}}}", "cron")]
    public async Task A_run_has_the_tools_that_every_layer_leaves(string config, string left) =>
        Assert.Equal(left, await LeftAsync(config, ToolSurface.Run, Owner));

    [Fact]
    public async Task A_run_of_models_of_two_providers_has_the_tools_that_both_may_call() => Assert.Equal("fs_read", await LeftAsync(
        "{tools: {byProvider: {acme: {allow: ['group:fs']}, other: {deny: ['fs_write']}}}}", ToolSurface.Run, Owner, "other/small"));

    [Fact]
    [Trait("Feature", "T22")]
    public async Task Clients_call_no_dangerous_tools()
    {
        Assert.Equal(
            "docs__find fs_read message session_status web_fetch", await LeftAsync("{}", ToolSurface.Http, Owner));
        Assert.Equal(
            "docs__find fs_read session_status", await LeftAsync("{gateway: {tools: {deny: ['MESSAGE', 'group:web']}}}", ToolSurface.Http, Owner));
    }

    [Fact]
    [Trait("Feature", "T22")]
    public async Task The_deny_list_is_lifted_for_the_owner_and_for_administrators()
    {
        const string Config = "{tools: {allow: ['cron', 'exec']}, gateway: {tools: {allow: ['exec', 'cron', 'fs_write']}}}";

        Assert.Equal("cron exec", await LeftAsync(Config, ToolSurface.Http, Owner));
        Assert.Equal("exec", await LeftAsync(Config, ToolSurface.Http, Administrator));
        Assert.Equal("", await LeftAsync(Config, ToolSurface.Http, Key));
        Assert.Equal("exec", await LeftAsync(Config, ToolSurface.Run, Key));
    }

    [Theory]
    [InlineData("{tools: {allow: ['a'], alsoAllow: ['b']}}", "tools.alsoAllow cannot stand beside 'allow'")]
    [InlineData("{agents: {entries: {main: {tools: {allow: ['a'], alsoAllow: []}}}}}", "agents.entries.main.tools.alsoAllow cannot stand")]
    [InlineData("{tools: {profile: 'all'}}", "tools.profile must be one of 'minimal', 'coding', 'messaging', 'full'")]
    [InlineData("{tools: {deny: ['a b']}}", "tools.deny[0] must be the name of a tool")]
    [InlineData("{tools: {toolsBySender: {'name:Ann': {}}}}", "names of people can be forged")]
    [InlineData("{tools: {maxSteps: 0}}", "tools.maxSteps must be a whole number from 1 to 1000")]
    public void A_policy_that_means_nothing_is_refused(string config, string error) =>
        Assert.Contains(error, Assert.Single(TestConfig.Parse(config).Errors).Message, StringComparison.Ordinal);

    private static async Task<string> LeftAsync(string text, ToolSurface surface, Caller caller, params string[] models)
    {
        var config = TestConfig.Parse(text).Config!;
        var store = new GatewayConfigStore(config);
        var context = new ToolContext(caller, new AgentCatalog(store).Find("main")!, Session: null)
        {
            Channel = "telegram",
            ChannelSender = "42",
            Models = ["acme/large", .. models],
        };
        var tools = await new ToolPolicy(new Toolbox([All]), store).EffectiveAsync(context, surface, CancellationToken.None);
        return string.Join(' ', tools.Select(tool => tool.Name));
    }
}
