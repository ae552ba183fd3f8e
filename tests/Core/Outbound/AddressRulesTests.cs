using System.Net;
using OpenClaw.Outbound;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Outbound;

public class AddressRulesTests
{
    public static TheoryData<string> Private { get; } = [.. SsrfCases.Private4, .. SsrfCases.Private6];

    [Theory]
    [Trait("Feature", "T26")]
    [MemberData(nameof(Private))]
    public void Addresses_that_are_not_public_are_denied(string address)
    {
        Assert.False(AddressRules.IsPublic(IPAddress.Parse(address)));
        Assert.False(AddressRules.IsPublic(IPAddress.Parse(address).MapToIPv6()));
    }

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("93.184.215.14")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("168.63.129.15")]
    [InlineData("168.63.129.17")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.0.1.1")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("2001:200::1")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("2a00:1450::1")]
    [InlineData("2600:1234::5efe:7f00")]
    [InlineData("::ffff:1.1.1.1")]
    public void Neighbours_of_what_is_denied_are_public(string address) => Assert.True(AddressRules.IsPublic(IPAddress.Parse(address)));
}
