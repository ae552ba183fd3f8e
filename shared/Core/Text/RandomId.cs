using System.Security.Cryptography;

namespace OpenClaw.Text;

/// <summary>Identifiers that cannot be guessed: a prefix and 24 base62 characters, 142 bits.</summary>
public static class RandomId
{
    private const string Base62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string Create(string prefix) => prefix + RandomNumberGenerator.GetString(Base62, 24);

    public static string Run() => Create("run_");

    public static string Message() => Create("msg_");

    public static string FunctionCall() => Create("fc_");

    public static string Call() => Create("call_");

    public static string Reasoning() => Create("rs_");
}
