using System.Security.Cryptography;
using System.Text;

namespace OpenClaw.Tests.Core.Media;

/// <summary>AES-256 as PDF 2.0 has it (V 5, R 6). Source: ISO 32000-2, 7.6.4. Its salts and keys are constant, so that samples
/// are.</summary>
internal sealed class PdfEncryption
{
    private readonly byte[] _key = SHA256.HashData("file key"u8);

    public PdfEncryption(string userPassword, string ownerPassword)
    {
        var (u, ue) = Entries(Encoding.UTF8.GetBytes(userPassword), "user"u8, []);
        var (o, oe) = Entries(Encoding.UTF8.GetBytes(ownerPassword), "ownr"u8, u);
        byte[] permissions = [0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. "Tadbrnd!"u8];
        Dictionary = $"""
            << /Filter /Standard /V 5 /R 6 /Length 256 /P -4 /StmF /StdCF /StrF /StdCF
            /CF << /StdCF << /CFM /AESV3 /AuthEvent /DocOpen /Length 32 >> >>
            /U <{Convert.ToHexString(u)}> /UE <{Convert.ToHexString(ue)}> /O <{Convert.ToHexString(o)}> /OE <{Convert.ToHexString(oe)}>
            /Perms <{Convert.ToHexString(EncryptBlock(permissions))}> >>
            """;
    }

    /// <summary>The value of <c>/Encrypt</c>.</summary>
    public string Dictionary { get; }

    public byte[] Encrypt(ReadOnlySpan<byte> data)
    {
        using var aes = Aes.Create();
        aes.Key = _key;
        var initial = SHA256.HashData(data)[..16];
        return [.. initial, .. aes.EncryptCbc(data, initial)];
    }

    private (byte[] Verifier, byte[] EncryptedKey) Entries(byte[] password, ReadOnlySpan<byte> salt, byte[] user)
    {
        byte[] validation = [.. salt, .. "-val"u8], forKey = [.. salt, .. "-key"u8];
        using var aes = Aes.Create();
        aes.Key = Hash(password, forKey, user);
        return ([.. Hash(password, validation, user), .. validation, .. forKey], aes.EncryptCbc(_key, new byte[16], PaddingMode.None));
    }

    /// <summary>Algorithm 2.B.</summary>
    private static byte[] Hash(byte[] password, byte[] salt, byte[] user)
    {
        var key = SHA256.HashData([.. password, .. salt, .. user]);
        for (var (round, last) = (0, 0); round < 64 || last > round - 32; round++)
        {
            byte[] once = [.. password, .. key, .. user];
            byte[] input = [.. Enumerable.Repeat(once, 64).SelectMany(static part => part)];
            using var aes = Aes.Create();
            aes.Key = key[..16];
            var text = aes.EncryptCbc(input, key[16..32], PaddingMode.None);
            key = (text[..16].Sum(static b => b) % 3) switch
            {
                0 => SHA256.HashData(text),
                1 => SHA384.HashData(text),
                _ => SHA512.HashData(text),
            };
            last = text[^1];
        }

        return key[..32];
    }

    private byte[] EncryptBlock(byte[] block)
    {
        using var aes = Aes.Create();
        aes.Key = _key;
        return aes.EncryptEcb(block, PaddingMode.None);
    }
}
