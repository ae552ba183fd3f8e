using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary>The unmodified control UI of the original in a real browser against the self-host.</summary>
public sealed class ControlUiTests(AzuriteFixture azurite)
{
    private const string Stop = "deep('button').find(b => b.getAttribute('aria-label') === 'Stop generating')";

    [Fact]
    [Trait("Feature", "F11")]
    public async Task The_control_UI_of_the_original_logs_in_chats_stops_a_run_reloads_and_lists_sessions()
    {
        await using var ui = await ControlUi.StartAsync();
        await using var model = await ScriptedUpstream.StartAsync();
        var more = new TaskCompletionSource();
        model.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("The first half");
            await more.Task;
            await call.SendDeltaAsync(" and the second.");
            await call.FinishAsync();
        });
        model.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("This one has no end");
            await call.ClientGone;
        });
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, c =>
        {
            c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = model.ProviderConfig(models: "test-model") };
            c.Gateway.Http.Cors.Origins = [ui.Origin];
        });

        await ui.LogInAsync(new Uri(gateway.Url), GatewayHost.Token);
        await ui.SendAsync("hello from the page");
        await ui.WaitAsync($"document.body.innerText.includes('The first half') && {Stop}");
        await ui.WaitAsync("!document.body.innerText.includes('Interrupted')");
        more.SetResult();
        await ui.WaitAsync($"document.body.innerText.includes('The first half and the second.') && !{Stop}");

        await ui.SendAsync("go on for ever");
        await ui.WaitAsync($"document.body.innerText.includes('This one has no end') && {Stop}");
        await ui.ClickAsync(Stop);
        await ui.WaitAsync($"!{Stop}");

        await ui.ReloadAsync();
        await ui.WaitAsync("document.body.innerText.includes('This one has no end')");
        Assert.Equal([1, 1, 1], (await ui.EvaluateAsync(
            "['hello from the page', 'The first half and the second.', 'go on for ever'].map(t => deep('*').filter("
                + "e => e.children.length === 0 && e.innerText?.trim() === t && e.closest('.chat-thread')).length)"))
            .EnumerateArray().Select(n => n.GetInt32()));
        await ui.GoAsync("/sessions");
        await ui.WaitAsync("document.body.innerText.includes('agent:main:main') && document.body.innerText.includes('1-1 of 1 rows')");
    }
}
