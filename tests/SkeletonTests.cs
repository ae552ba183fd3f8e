using Xunit;

namespace OpenClaw.Tests;

public class SkeletonTests
{
    [Fact]
    public void Builds() => Assert.NotEmpty(OpenClaw.Functions.GatewayFunctions.Create().Http);
}
