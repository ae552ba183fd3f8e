using System.Text;
using OpenClaw.Security.Signatures;
using Xunit;

namespace OpenClaw.Tests.Core.Security.Signatures;

/// <summary>Signatures of event senders: the published examples, and what is near to them.</summary>
[Trait("Feature", "T17")]
public class EventSignatureTests
{
    /// <summary>Example of the Standard Webhooks specification.</summary>
    private const string StandardSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private const string StandardBody = """{"test": 2432232314}""";

    private const string StandardShown = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    /// <summary>Example of GitHub's documentation.</summary>
    private const string GitHubShown = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    [Theory]
    [InlineData(StandardShown, 1614265330, StandardBody, true)]
    [InlineData("v1,AAAA " + StandardShown, 1614265330, StandardBody, true)]
    [InlineData("v1a,xyz " + StandardShown, 1614265330 + 299, StandardBody, true)]
    [InlineData(StandardShown, 1614265330 + 301, StandardBody, false)]
    [InlineData(StandardShown, 1614265330 - 301, StandardBody, false)]
    [InlineData(StandardShown, 1614265330, StandardBody + " ", false)]
    [InlineData("v2" + ",g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", 1614265330, StandardBody, false)]
    [InlineData("v1,", 1614265330, StandardBody, false)]
    [InlineData("", 1614265330, StandardBody, false)]
    public void Standard_webhooks(string shown, long now, string body, bool isSigned)
    {
        var verified = Verify(
            new StandardWebhook(StandardSecret), body, now, ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"), ("webhook-timestamp", "1614265330"),
            ("webhook-signature", shown));
        Assert.Equal(isSigned ? "msg_p5jXN8AQM9LWM0D4loKWxJek" : null, verified?.Id);
    }

    [Fact]
    public void Standard_webhooks_are_signed_as_the_specification_shows() => Assert.Equal(
        StandardShown, new StandardWebhook(StandardSecret).Sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), Encoding.UTF8.GetBytes(StandardBody)));

    [Theory]
    [InlineData(GitHubShown, "Hello, World!", true)]
    [InlineData(GitHubShown, "Hello, World", false)]
    [InlineData("sha256=757107EA0EB2509FC211221CCE984B8A37570B6D7586C22C46F4379C8B043E17", "Hello, World!", false)]
    [InlineData("sha1=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", "Hello, World!", false)]
    [InlineData("sha256=757107ea", "Hello, World!", false)]
    [InlineData("sha256=", "Hello, World!", false)]
    public void GitHub(string shown, string body, bool isSigned)
    {
        var verified = Verify(
            new GitHubSignature("It's a Secret to Everybody"), body, 0, ("x-hub-signature-256", shown), ("x-github-delivery", "72d3162e"));
        Assert.Equal(isSigned ? "72d3162e" : null, verified?.Id);
    }

    [Theory]
    [InlineData("t={0},v1={1}", 1_700_000_000, true)]
    [InlineData("t={0},v1=00,v1={1},v0=zz", 1_700_000_300, true)]
    [InlineData("t={0},v1={1}", 1_700_000_301, false)]
    [InlineData("t={0},t={0},v1={1}", 1_700_000_000, false)]
    [InlineData("t={0},v0={1}", 1_700_000_000, false)]
    [InlineData("v1={1}", 1_700_000_000, false)]
    [InlineData("t=+{0},v1={1}", 1_700_000_000, false)]
    [InlineData("t=9999999999999999999,v1={1}", 1_700_000_000, false)]
    public void Stripe(string form, long now, bool isSigned)
    {
        // HMAC-SHA256("1700000000.{}", "whsec_test"), computed with openssl.
        var shown = string.Format(
            System.Globalization.CultureInfo.InvariantCulture, form, 1_700_000_000, Convert.ToHexStringLower(
                System.Security.Cryptography.HMACSHA256.HashData("whsec_test"u8, "1700000000.{}"u8)));
        Assert.Equal(isSigned, Verify(new StripeSignature("whsec_test"), "{}", now, ("stripe-signature", shown)) is not null);
    }

    [Fact]
    public void A_header_that_comes_twice_proves_nothing()
    {
        var headers = new EventHeaders(name => name == "X-Hub-Signature-256" ? [GitHubShown, GitHubShown] : []);
        Assert.Null(new GitHubSignature("It's a Secret to Everybody").Verify(headers, "Hello, World!"u8, DateTimeOffset.UnixEpoch));
    }

    [Theory]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true)]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true)]
    [InlineData("whsec_AAAA", false)]
    [InlineData("whsec_", false)]
    [InlineData("not base64!", false)]
    public void A_standard_secret_has_24_to_64_bytes(string secret, bool isSecret) =>
        Assert.Equal(isSecret, StandardWebhook.IsSecret(secret));

    private static SignedEvent? Verify(IEventSignature signature, string body, long now, params (string Name, string Value)[] sent)
    {
        var headers = new EventHeaders(
            name => [.. sent.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value)]);
        return signature.Verify(headers, Encoding.UTF8.GetBytes(body), DateTimeOffset.FromUnixTimeSeconds(now));
    }
}
