using System.Net;
using System.Text.Json;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Core.Sessions;

/// <summary>Rows as the first version stored them, without <c>V</c>: a session of one turn, whose second run died under way.</summary>
public class FirstVersionTests(AzuriteFixture azurite)
{
    private const string DeadRun = "run_ZyXwVuTsRqPoNmLkJiHgFeDc";

    private static readonly string Fixture = Path.Combine(Repository.Root, "tests", "Core", "Sessions", "data", "version1.json");

    private static readonly string[] Keys = ["PartitionKey", "RowKey"];

    [Fact]
    public async Task A_session_goes_on_and_the_run_that_died_counts_as_interrupted()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount, c => c.Storage.LeaseSeconds = 2);
        var (table, partition, _) = await LoadAsync(gateway);
        var next = await gateway.CreateAsync("""{"model":"mock/m","input":"The new question","user":"alice"}""");

        Assert.Equal("completed", next.Status());
        Assert.Equal(["The old question", "The old answer", "The new question"], Texts(upstream.Requests[0]));
        var dead = await table.GetAsync(partition, RunRow.Key(DeadRun), CancellationToken.None);
        Assert.Equal(RunRow.Interrupted, dead!.GetString("State"));
        var head = await table.GetAsync(partition, SessionHead.RowKey, CancellationToken.None);
        Assert.Equal((2L, 4L), (head!.GetInt64("Version"), head.GetInt64("NextSeq")));
    }

    [Fact]
    public async Task A_response_is_retrieved_streamed_and_continued_as_one_of_today()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount, c => c.Storage.LeaseSeconds = 2);
        var (_, _, id) = await LoadAsync(gateway);
        var found = await gateway.GetResponseAsync(id);
        var events = ResponsesGateway.Events(await gateway.Client.GetStringAsync($"/v1/responses/{id}?stream=true"));
        var input = await gateway.Client.GetStringAsync($"/v1/responses/{id}/input_items");
        using var cancelled = await gateway.PostAsync($"/v1/responses/{id}/cancel", "{}");
        var next = await gateway.CreateAsync($$"""{"model":"mock/m","input":"The new question","previous_response_id":"{{id}}"}""");
        var after = await gateway.CreateAsync($$"""{"model":"mock/m","input":"And then?","previous_response_id":"{{next.Id()}}"}""");

        Assert.Equal((id, "completed", "The old answer"), (found.Id(), found.Status(), found.Text()));
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.GetProperty("sequence_number").GetInt32()));
        Assert.Equal(found.GetRawText(), events[^1].GetProperty("response").GetRawText());
        Assert.Contains("The old question", input, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, cancelled.StatusCode);
        Assert.Equal(["The old question", "The old answer", "The new question"], Texts(upstream.Requests[0]));
        Assert.Equal(5, Texts(upstream.Requests[1]).Count);
        Assert.Equal("completed", after.Status());
        using var deleted = await gateway.Client.DeleteAsync($"/v1/responses/{id}");
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
    }

    private static List<string> Texts(UpstreamRequest request) =>
        [.. request.Body.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content").GetString()!)];

    private async Task<(StorageTable Table, string Partition, string Response)> LoadAsync(GatewayHost gateway)
    {
        var table = azurite.StorageAccount.Table(gateway.Prefix + SessionStore.TableName);
        await table.CreateIfNotExistsAsync(CancellationToken.None);
        var (partition, response) = ("", "");
        foreach (var row in JsonElement.Parse(await File.ReadAllBytesAsync(Fixture)).EnumerateArray())
        {
            partition = row.GetProperty("PartitionKey").GetString()!;
            var entity = new StoredRow(partition, row.GetProperty("RowKey").GetString()!);
            foreach (var property in row.EnumerateObject().Where(p => !Keys.Contains(p.Name)))
            {
                entity[property.Name] = Read(property);
            }

            response = entity.RowKey.StartsWith("resp~", StringComparison.Ordinal) ? $"resp_{partition}{entity.RowKey.Split('~')[1]}"
                : response;
            await table.InsertAsync(entity, CancellationToken.None);
        }

        return (table, partition, response);
    }

    private static object Read(JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.String when property.Name.EndsWith("At", StringComparison.Ordinal) => property.Value.GetDateTimeOffset(),
        JsonValueKind.String => property.Value.GetString()!,
        JsonValueKind.True => true,
        _ when property.Name is "Parts" or "InputCount" => property.Value.GetInt32(),
        _ => property.Value.GetInt64(),
    };
}
