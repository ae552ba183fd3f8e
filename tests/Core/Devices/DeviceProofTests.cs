using OpenClaw.Devices;
using OpenClaw.Tests.Support.Realtime;
using Xunit;

namespace OpenClaw.Tests.Core.Devices;

/// <summary>The proof of a device, with a vector made by the original's own client library.</summary>
public class DeviceProofTests
{
    private const string Nonce = "c1f7dd20-a99e-4f4c-9e13-79a1b77a538c";
    private const long SignedAt = 1795694741162;
    private const string Id = "56475aa75463474c0285df5dbf2bcab73da651358839e9b77481b2eab107708c";
    private const string Key = "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg";
    private const string SignatureV2 = "LdIH0OUdbqo4ATR03NUnyfyfCR4Z-6HtrvDBEckUFYWEfGQtfWBp-9xgwEJcRP1ZqUYJl2zVk2mPknRXMG2ABg";
    private const string SignatureV3 = "iOqQ4K_rMnsoILpbBtJnTSCVY3mNufnZf111lXM3qsA00lQrR8fwd3gF-wUTT82G7cCjxDGP7rP2xJnOGq5BAg";

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(SignedAt);

    private static readonly DeviceClaims Signed = new(
        "cli", "cli", "operator", ["operator.read", "operator.write"], "test-token", "Linux", "Linux");

    private static DeviceProof Proof(string signature = SignatureV3) => new(Id, Key, signature, SignedAt, Nonce);

    [Theory]
    [InlineData(SignatureV2)]
    [InlineData(SignatureV3)]
    [Trait("Feature", "F23")]
    public void Both_versions_of_the_original_clients_signature_hold(string signature) =>
        Assert.Null(Proof(signature).Check(Signed, Nonce, Now));

    [Fact]
    public void The_signed_texts_are_those_of_the_original()
    {
        const string Common = Id + "|cli|cli|operator|operator.read,operator.write|1795694741162|test-token|" + Nonce;
        Assert.Equal("v2|" + Common, Proof().TextV2(Signed));
        Assert.Equal("v3|" + Common + "|linux|linux", Proof().TextV3(Signed));
        Assert.EndsWith("|macintel ÄÖ|", Proof().TextV3(Signed with { Platform = " MacIntel ÄÖ ", DeviceFamily = null }), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "F23")]
    public void Every_signed_fact_is_covered()
    {
        DeviceClaims[] others =
        [
            Signed with { ClientId = "test" }, Signed with { ClientMode = "ui" }, Signed with { Role = "node" },
            Signed with { Scopes = ["operator.write", "operator.read"] }, Signed with { Scopes = [] }, Signed with { Token = "" },
            Signed with { Platform = "win32" }, Signed with { DeviceFamily = null },
        ];
        Assert.All(others, other => Assert.Equal(DeviceFault.InvalidSignature, Proof().Check(other, Nonce, Now)));
        Assert.Equal(DeviceFault.InvalidSignature, Proof("no base64!").Check(Signed, Nonce, Now));
        Assert.Equal(DeviceFault.InvalidSignature, Proof("").Check(Signed, Nonce, Now));
    }

    [Fact]
    [Trait("Feature", "F23")]
    public void Faults_are_found_in_the_original_order()
    {
        using var other = new TestDevice();
        var foreign = Proof() with { PublicKey = other.PublicKey };
        Assert.Equal(DeviceFault.ForeignId, foreign.Check(Signed, "other", Now.AddHours(1)));
        Assert.Equal(DeviceFault.ForeignId, (Proof() with { PublicKey = "short" }).Check(Signed, Nonce, Now));
        Assert.Equal(DeviceFault.Expired, Proof().Check(Signed, "other", Now.AddSeconds(121)));
        Assert.Equal(DeviceFault.Expired, Proof().Check(Signed, Nonce, Now.AddSeconds(-121)));
        Assert.Equal(DeviceFault.Expired, (Proof() with { SignedAt = long.MaxValue }).Check(Signed, Nonce, Now));
        Assert.Equal(DeviceFault.NonceMissing, (Proof() with { Nonce = " " }).Check(Signed, Nonce, Now));
        Assert.Equal(DeviceFault.OtherNonce, Proof("").Check(Signed, "other", Now.AddSeconds(120)));
        Assert.Null(Proof().Check(Signed, Nonce, Now.AddSeconds(-120)));
    }
}
