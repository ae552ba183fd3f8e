using System.Text;
using OpenClaw.Security;
using Xunit;

namespace OpenClaw.Tests.Core.Security;

/// <summary>Signatures of published test vectors.</summary>
public class Ed25519Tests
{
    private const string WycheproofKey = "7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa";

    /// <summary>Source: RFC 8032, section 7.1, tests 1 to 3.</summary>
    [Theory]
    [InlineData(
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData(
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData(
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void The_signatures_of_RFC_8032_hold_and_no_other_message_does(string key, string message, string signature)
    {
        Assert.True(IsSigned(key, message, signature));
        Assert.False(IsSigned(key, message + "00", signature));
    }

    /// <summary>Source: Project Wycheproof, ed25519_test.json, cases 1 to 3.</summary>
    [Theory]
    [InlineData("", "d4fbdb52bfa726b44d1786a8c0d171c3e62ca83c9e5bbe63de0bb2483f8fd6cc1429ab72cafc41ab56af02ff8fcc43b99bfe4c7ae940f60f38ebaa9d311c4007")]
    [InlineData("78", "d80737358ede548acb173ef7e0399f83392fe8125b2ce877de7975d8b726ef5b1e76632280ee38afad12125ea44b961bf92f1178c9fa819d020869975bcbe109")]
    [InlineData("54657374", "7c38e026f29e14aabd059a0f2db8b0cd783040609a8be684db12f82a27774ab07a9155711ecfaf7f99f277bad0c6ae7e39d4eef676573336a5c51eb6f946b30d")]
    public void Valid_signatures_of_Wycheproof_hold_and_altered_ones_do_not(string message, string signature)
    {
        Assert.True(IsSigned(WycheproofKey, message, signature));
        Assert.False(IsSigned(WycheproofKey, message, signature + "00"));
        Assert.False(IsSigned(WycheproofKey, message, signature[..^2]));
        Assert.False(IsSigned(WycheproofKey, message, AddOrder(signature)));
    }

    /// <summary>Source: Project Wycheproof, ed25519_test.json, cases 10, 11, 13, 17, 20, 29.</summary>
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", "0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000", "ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")]
    [InlineData("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    public void Signatures_made_of_special_values_are_refused(string r, string s) => Assert.False(IsSigned(WycheproofKey, "3f", r + s));

    /// <summary>With a key of small order anyone could sign anything.</summary>
    [Theory]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f70751")]
    public void Keys_of_small_order_and_of_another_length_sign_nothing(string key) => Assert.False(IsSigned(
        key, "3f", "0100000000000000000000000000000000000000000000000000000000000000" + "0000000000000000000000000000000000000000000000000000000000000000"));

    [Fact]
    public void A_message_as_webhooks_sign_it_holds() => Assert.True(Ed25519.IsSigned(
        Convert.FromHexString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
        Encoding.UTF8.GetBytes("""1700000000{"type":1}"""),
        Convert.FromHexString(
            "1695961a47c91a1ec033b819b7e87e3dbc583dd0cee6d1fd0216f58ac87b6228ae531ddbf91fb7bc28d7edf7f08604da16f54624f38a6bc0614e4dc13cd47f0f")));

    private static bool IsSigned(string key, string message, string signature) =>
        Ed25519.IsSigned(Convert.FromHexString(key), Convert.FromHexString(message), Convert.FromHexString(signature));

    /// <summary>The same signature with the group order added to S, which a verifier that does not check the range of S accepts.</summary>
    private static string AddOrder(string signature)
    {
        byte[] order = [0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, .. new byte[15], 0x10];
        var bytes = Convert.FromHexString(signature);
        var carry = 0;
        for (var i = 0; i < 32; i++)
        {
            carry += bytes[32 + i] + order[i];
            bytes[32 + i] = (byte)carry;
            carry >>= 8;
        }

        return Convert.ToHexStringLower(bytes);
    }
}
