using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using OpenClaw.Text;
using Xunit;

namespace OpenClaw.Tests.Core.Sessions;

/// <summary>A turn too large for one transaction goes to a blob. What counts is the bytes that are sent: a UTF-16 unit that is not
/// plain ASCII counts as six of them. The limits are 2 MiB for a turn's rows, 349,525 such units, and 1 MiB for a document,
/// 174,762.</summary>
[Trait("Feature", "R10")]
public class LargeTurnTests(AzuriteFixture azurite)
{
    private const string Agent = "main";

    [Theory]
    [InlineData("ä", 348_000, false)]
    [InlineData("ä", 350_000, true)]
    [InlineData("語", 348_000, false)]
    [InlineData("語", 350_000, true)]
    [InlineData("a", 350_000, false)]
    public async Task A_turn_goes_to_a_blob_when_its_bytes_not_its_characters_pass_the_limit(string character, int units, bool spills)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var key = new SessionKey("", Agent, "large");
        var half = Repeat(character, units / 2);
        await CommitAsync(gateway, key, new TurnCommit([Message("user", half), Message("assistant", half)], RunRow.Completed));
        var rows = await ReadRowsAsync(gateway, key, "t~");
        var read = await ReadHistoryAsync(gateway, key);

        Assert.Equal(spills ? 1 : 2 * ((units / 2 / 30_000) + 1), rows.Count);
        Assert.Equal(spills, rows[0].GetString("Blob") is not null);
        Assert.Equal([half, half], read);
    }

    [Theory]
    [InlineData("ä", 174_000, false)]
    [InlineData("ä", 175_000, true)]
    [InlineData("😀", 174_000, false)]
    [InlineData("😀", 175_000, true)]
    [InlineData("a", 175_000, false)]
    public async Task A_document_goes_to_a_blob_when_its_bytes_not_its_characters_pass_the_limit(string character, int units, bool spills)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var key = new SessionKey("", Agent, "large");
        var json = $"\"{Repeat(character, units)}\"";
        await CommitAsync(gateway, key, new TurnCommit([Message("user", "hi")], RunRow.Completed)
        {
            Document = _ => new StoredDocument("doc~1", json, new Dictionary<string, object>()),
        });
        var rows = await ReadRowsAsync(gateway, key, "doc~");
        var read = await gateway.Services.GetRequiredService<Transcript>().ReadDocumentAsync(key.Partition, "doc~1", Token);

        Assert.Equal(spills ? 1 : (units / 30_000) + 1, rows.Count);
        Assert.Equal(spills, rows[0].GetString("Blob") is not null);
        Assert.Equal(json, read?.Json);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Repeat(string character, int units) => string.Concat(Enumerable.Repeat(character, units / character.Length));

    private static MessageItem Message(string role, string text) => new(role, [new TextPart(text)]) { Id = RandomId.Message() };

    private static async Task CommitAsync(GatewayHost gateway, SessionKey key, TurnCommit commit)
    {
        await using var turn = await gateway.Services.GetRequiredService<SessionStore>().BeginNewTurnAsync(key, TimeSpan.Zero, Token);
        await turn.CommitAsync(commit, Token);
    }

    private static async Task<List<StoredRow>> ReadRowsAsync(GatewayHost gateway, SessionKey key, string prefix)
    {
        var rows = new List<StoredRow>();
        var table = gateway.Services.GetRequiredService<GatewayStorage>().Table(SessionStore.TableName);
        await foreach (var row in table.QueryAsync(TableQuery.WithPrefix(key.Partition, prefix), Token))
        {
            rows.Add(row);
        }

        return rows;
    }

    private static async Task<IEnumerable<string>> ReadHistoryAsync(GatewayHost gateway, SessionKey key)
    {
        await using var turn = await gateway.Services.GetRequiredService<SessionStore>().BeginNewTurnAsync(key, TimeSpan.Zero, Token);
        return turn.History.OfType<MessageItem>().Select(message => ((TextPart)message.Content[0]).Text);
    }
}
