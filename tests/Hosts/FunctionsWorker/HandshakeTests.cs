using System.Net.Sockets;
using System.Text.Json;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Protocol;
using Xunit;

namespace OpenClaw.Tests.Hosts.FunctionsWorker;

public sealed class HandshakeTests(TestWorkerHost worker) : IClassFixture<TestWorkerHost>
{
    private readonly FunctionsHost _host = worker.Host;

    [Fact]
    public void The_first_message_starts_the_stream_and_names_the_worker()
    {
        var first = _host.Worker.Channel.Messages[0];

        Assert.Equal(StreamingMessage.ContentOneofCase.StartStream, first.ContentCase);
        Assert.NotEmpty(first.StartStream.WorkerId);
    }

    [Fact]
    public async Task Init_is_answered_with_a_loopback_port()
    {
        var init = await _host.Worker.Channel.ReceiveAsync(m => m.WorkerInitResponse is not null);

        var address = new Uri(init.WorkerInitResponse.Capabilities["HttpUri"]);
        Assert.Equal("localhost", address.Host);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
    }

    [Fact]
    public async Task Init_offers_exactly_what_the_worker_can_do()
    {
        var init = await _host.Worker.Channel.ReceiveAsync(m => m.WorkerInitResponse is not null);

        Assert.Equal(StatusResult.Types.Status.Success, init.WorkerInitResponse.Result.Status);
        Assert.Equal(
            [
                "EnableUserCodeException", "HandlesInvocationCancelMessage", "HandlesWorkerTerminateMessage", "HttpUri",
                "IncludeEmptyEntriesInMessagePayload", "RawHttpBodyBytes", "RpcHttpBodyOnly", "RpcHttpTriggerMetadataRemoved",
                "TypedDataCollection", "UseNullableValueDictionaryForHttp", "WorkerStatus",
            ],
            init.WorkerInitResponse.Capabilities.Keys.Order(StringComparer.Ordinal));
        Assert.NotEmpty(init.WorkerInitResponse.WorkerMetadata.RuntimeVersion);
    }

    [Fact]
    public async Task Metadata_describes_http_timer_and_queue_functions()
    {
        var metadata = await _host.Worker.Channel.ReceiveAsync(m => m.FunctionMetadataResponse is not null);

        Assert.False(metadata.FunctionMetadataResponse.UseDefaultMetadataIndexing);
        var http = Binding("Sse");
        Assert.Equal(("httpTrigger", "Anonymous", "sse/{key}"), (http.Text("type"), http.Text("authLevel"), http.Text("route")));
        Assert.Equal(["get"], http.GetProperty("methods").EnumerateArray().Select(static m => m.GetString()));
        var timer = Binding("HangingTick");
        Assert.Equal(("timerTrigger", "0 0 0 1 1 *"), (timer.Text("type"), timer.Text("schedule")));
        Assert.False(timer.GetProperty("useMonitor").GetBoolean());
        var queue = Binding("HandleWakeUp");
        Assert.Equal(
            ("queueTrigger", "%OPENCLAW_WAKEUP_QUEUE%", "DataStorage"), (
                queue.Text("type"), queue.Text("queueName"), queue.Text("connection")));
        Assert.False(Binding("UnknownPath").TryGetProperty("methods", out _)); // a catch-all takes every method

        JsonElement Binding(string function) =>
            JsonElement.Parse(metadata.FunctionMetadataResponse.FunctionMetadataResults.Single(f => f.Name == function).RawBindings[0]);
    }

    [Fact]
    public async Task Each_load_is_answered_by_itself()
    {
        var metadata = await _host.Worker.Channel.ReceiveAsync(m => m.FunctionMetadataResponse is not null);

        var loaded = _host.Worker.Channel.Messages
            .Where(m => m.FunctionLoadResponse?.Result.Status == StatusResult.Types.Status.Success)
            .Select(m => m.FunctionLoadResponse.FunctionId);
        Assert.Equal(
            metadata.FunctionMetadataResponse.FunctionMetadataResults.Select(f => f.FunctionId).Order(StringComparer.Ordinal),
            loaded.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_status_ping_comes_back_with_its_id()
    {
        var answer = await _host.Worker.Channel.AskAsync(new StreamingMessage { WorkerStatusRequest = new WorkerStatusRequest() });

        Assert.Equal(StreamingMessage.ContentOneofCase.WorkerStatusResponse, answer.ContentCase);
    }

    [Fact]
    public async Task A_message_the_worker_does_not_know_is_ignored()
    {
        byte[] fileChange = [0x32, 0x02, 0x08, 0x01]; // field 6
        byte[] fromTheFuture = [0xFA, 0x3E, 0x01, 0x00]; // field 1007
        await _host.Worker.Channel.SendFrameAsync(new byte[] { 0, 0, 0, 0, 4 }.Concat(fileChange).ToArray());
        await _host.Worker.Channel.SendFrameAsync(new byte[] { 0, 0, 0, 0, 4 }.Concat(fromTheFuture).ToArray());
        await _host.Worker.Channel.SendFrameAsync(new byte[5]); // empty

        var answer = await _host.Worker.Channel.AskAsync(new StreamingMessage { WorkerStatusRequest = new WorkerStatusRequest() });
        Assert.NotNull(answer.WorkerStatusResponse);
    }
}
