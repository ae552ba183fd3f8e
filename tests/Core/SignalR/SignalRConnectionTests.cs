using OpenClaw.SignalR;
using Xunit;

namespace OpenClaw.Tests.Core.SignalR;

public sealed class SignalRConnectionTests
{
    [Theory]
    [InlineData("Endpoint=https://claw.service.signalr.net;AccessKey=k==;Version=1.0;", "https://claw.service.signalr.net", "k==")]
    [InlineData("endpoint=https://claw.service.signalr.net/;accesskey=k", "https://claw.service.signalr.net", "k")]
    [InlineData("Endpoint=http://localhost;Port=8888;AccessKey=k;Version=1.0;", "http://localhost:8888", "k")]
    [InlineData("Endpoint=https://claw.service.signalr.net;AuthType=azure.msi;Version=1.0;", "https://claw.service.signalr.net", null)]
    public void A_connection_string_is_read(string text, string url, string? key)
    {
        var connection = SignalRConnection.Parse(text);

        Assert.Equal((url, key, null), (connection.BaseUrl, connection.AccessKey, connection.ClientId));
        Assert.Equal($"{url}/client/?hub=openclaw", connection.ClientUrl("openclaw"));
    }

    [Fact]
    public void A_user_assigned_identity_and_a_client_address_are_read()
    {
        var connection = SignalRConnection.Parse(
            "Endpoint=https://a.service.signalr.net;AuthType=azure.msi;ClientId=7b;ClientEndpoint=https://live.example.com/rt");

        Assert.Equal(("7b", "https://live.example.com/rt/client/?hub=h"), (connection.ClientId, connection.ClientUrl("h")));
    }

    [Theory]
    [InlineData("AccessKey=secret-value")]
    [InlineData("Endpoint=https://a.example;Version=1.0")]
    [InlineData("Endpoint=https://a.example;AccessKey=secret-value;AuthType=azure.msi")]
    [InlineData("Endpoint=https://a.example;AuthType=azure.app")]
    [InlineData("Endpoint=https://a.example;AccessKey=secret-value;Version=2.0")]
    [InlineData("Endpoint=http://a.example;AccessKey=secret-value")]
    [InlineData("Endpoint=http://localhost;AuthType=azure.msi")]
    [InlineData("Endpoint=a.example;AccessKey=secret-value")]
    [InlineData("Endpoint=https://a.example;AccessKey=secret-value;Port=0")]
    [InlineData("Endpoint=https://a.example;AccessKey=secret-value;AccessKey=b")]
    [InlineData("secret-value")]
    public void A_malformed_connection_string_is_refused_without_repeating_it(string text)
    {
        var refused = Assert.Throws<FormatException>(() => SignalRConnection.Parse(text));

        Assert.DoesNotContain("secret-value", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-value", SignalRConnection.Parse("Endpoint=https://a.example;AccessKey=secret-value").ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_a_managed_identity_are_read()
    {
        var connection = SignalRConnection.FromEnvironment(name => name switch
        {
            "AzureSignalRConnectionString__serviceUri" => "https://claw.service.signalr.net",
            "AzureSignalRConnectionString__credential" => "managedidentity",
            "AzureSignalRConnectionString__clientId" => "7b",
            _ => null,
        });

        Assert.Equal(("https://claw.service.signalr.net", null, "7b"), (connection!.BaseUrl, connection.AccessKey, connection.ClientId));
        Assert.Null(SignalRConnection.FromEnvironment(_ => null));
    }

    [Theory]
    [InlineData("AzureSignalRConnectionString__serviceUri", "http://claw.service.signalr.net")]
    [InlineData("AzureSignalRConnectionString", "Endpoint=https://a.example")]
    public void A_malformed_setting_is_named(string setting, string value) => Assert.Contains(
        setting, Assert.Throws<FormatException>(() => SignalRConnection.FromEnvironment(n => n == setting ? value : null)).Message,
        StringComparison.Ordinal);

    /// <summary>The vector of the service's documentation: key <c>test-key</c>, connection <c>conn-1</c>.</summary>
    [Fact]
    public void A_signature_is_an_hmac_of_the_connection_id() => Assert.Equal(
        "1f5d0c3ba11b9a5fa66dd1bf9cb8ac549fd430b74a6b8f6d1f06565ab10cbdc7", SignalRTokens.SignatureOf("test-key", "conn-1"));
}
