using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Core.Tools;

public class ImageToolTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_stored_image_is_shown_to_whom_it_belongs_and_to_the_operator()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var key = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        var other = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        var id = (await gateway.UploadAsync(bearer: key.Text)).Text("id");
        Caller Of(string keyId) => new("key:" + keyId, Scope.OperatorWrite, IsIdentity: true, IsOwner: false);

        var own = await gateway.CallAsync("image", new { id }, caller: Of(key.Id));
        var asOperator = await gateway.CallAsync("image", new { id });

        Assert.All(
            new[] { own, asOperator },
            answer => Assert.StartsWith("data:image/png;", Assert.IsType<ImagePart>(answer.Parts[0]).Url, StringComparison.Ordinal));
        Assert.Equal("There is no such image.", await gateway.FailAsync("image", new { id }, caller: Of(other.Id)));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"id":"a","path":"b"}""")]
    [InlineData("""{"id":"../../etc/passwd"}""")]
    [InlineData("""{"path":"/etc/passwd"}""")]
    public async Task Nothing_else_is_shown(string arguments)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);

        Assert.NotEmpty(await gateway.FailAsync("image", arguments));
    }
}
