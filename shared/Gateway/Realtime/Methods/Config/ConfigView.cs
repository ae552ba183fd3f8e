using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Editing;
using OpenClaw.Configuration.Parsing;
using OpenClaw.Gateway.Realtime.Protocol;

namespace OpenClaw.Gateway.Realtime.Methods.Config;

/// <summary>The configuration as clients see it.</summary>
/// <param name="file">Null for a host whose configuration comes from elsewhere.</param>
internal sealed class ConfigView(GatewayConfigStore config, ConfigFile? file = null)
{
    private const string Name = "openclaw.json";

    /// <summary>Makes the hashes of this process, so that nobody finds a secret of the file by trying.</summary>
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>The file's name; its folder is no business of clients.</summary>
    public string Path => file?.Path is { } path ? System.IO.Path.GetFileName(path) : Name;

    /// <summary>Whether clients may change it.</summary>
    public bool IsWritable => file?.Path is not null;

    /// <summary>Identifies the text of the file; opaque. Another process gives another one.</summary>
    public string HashOf(string? text) =>
        "hmac-sha256:v1:" + Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text ?? "")));

    /// <summary>A document as JSON, secrets replaced by the placeholder.</summary>
    public JsonElement Redact(ConfigNode document) => JsonElement.Parse(RedactedConfig.Write(document, config.Current));

    /// <summary>The text of the file; null when there is none.</summary>
    /// <exception cref="RpcException"><c>UNAVAILABLE</c>: it cannot be read.</exception>
    public string? ReadText()
    {
        try
        {
            return file?.Read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RpcException(new RpcError(RpcError.Unavailable, "the configuration file cannot be read") { Retryable = true });
        }
    }

    public ConfigGetResult Get()
    {
        var text = ReadText();
        var inForce = JsonElement.Parse(RedactedConfig.Write(config.Current));
        if (text is null)
        {
            var written = IsWritable ? JsonElement.Parse("{}") : inForce;
            return Describe(
                IsWritable ? "{}" : RedactedConfig.Write(config.Current), written, !IsWritable && config.Current.Document is not null, []);
        }

        var document = ConfigDocument.Parse(text, out var problem);
        var result = problem is null && config.IsInvalid ? file!.Check(text) : null;
        IReadOnlyList<ConfigProblem> problems = problem is not null ? [problem] : result?.Errors ?? [];
        return Describe(RedactedConfig.Write(document, config.Current), Redact(document), exists: true, problems);

        ConfigGetResult Describe(string raw, JsonElement written, bool exists, IReadOnlyList<ConfigProblem> problems) => new(
            Path, exists, raw, written, written, inForce, inForce, !config.IsInvalid && problems.Count == 0,
            Issues(problems), [], HashOf(text));
    }

    public static IReadOnlyList<RpcIssue> Issues(IEnumerable<ConfigProblem> problems) =>
        [.. problems.Select(problem => new RpcIssue(problem.Path, problem.Message))];
}
