using OpenClaw.Configuration;
using OpenClaw.Configuration.Binding;
using OpenClaw.Models.Providers;
using Xunit;

namespace OpenClaw.Tests.Core.Configuration;

/// <summary>Every key that the program reads is in a table of docs/configuration.md, and every key there is read.</summary>
public sealed class DocumentedKeysTests
{
    [Fact]
    public void Every_key_that_is_read_is_documented() => Assert.Equal(
        "", string.Join('\n', Read().Where(key => key.Value.Inner is null).Select(key => key.Key).Except(Documented()).Order()));

    [Fact]
    public void Every_key_that_is_documented_is_read() =>
        Assert.Equal("", string.Join('\n', Documented().Except(Read().Keys).Order()));

    private static ConfigKeys Read()
    {
        var keys = ConfigKeys.Find(ProviderApis.Rules);
        Assert.True(keys.Count > 100, "The keys are not found.");
        return keys;
    }

    private static List<string> Documented()
    {
        var found = ConfigKeyDocs.Read().Keys.ToList();
        Assert.True(found.Count > 100, "The tables are not found.");
        return found;
    }
}
