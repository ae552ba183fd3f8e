using System.Text;
using OpenClaw.Configuration.Binding;
using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration;

/// <summary>
/// Loads <c>openclaw.json</c>: JSON5, strict, with <c>${NAME}</c> inside strings and environment variables on top. Holds no state, so a
/// reload is
/// another call. Mistakes are collected, and no message repeats a value.
/// </summary>
public static class ConfigLoader
{
    /// <summary>Bytes of the largest file read.</summary>
    public const int MaxBytes = 1_048_576;

    internal const string IncludeKey = "$include";

    private const string FileName = "openclaw.json";

    /// <summary>
    /// Reads the first of: <see cref="ConfigRequest.Path"/>, <c>OPENCLAW_CONFIG_PATH</c>, <c>openclaw.json</c> in the current directory,
    /// the same in
    /// <c>.openclaw</c> of the home directory; without any, defaults and environment are all there is. A file that was named must exist.
    /// </summary>
    /// <param name="apis">The <c>api</c>s that providers may have.</param>
    public static ConfigResult Load(ConfigRequest request, IReadOnlyList<ProviderRules> apis)
    {
        var named = request.Path ?? request.Environment.GetValueOrDefault(EnvironmentVariables.ConfigPath);
        named = string.IsNullOrWhiteSpace(named) ? null : FullPath(named, request);
        foreach (var path in named is null ? Searched(request) : [named])
        {
            try
            {
                using var stream = request.Open(path);
                if (stream is not null)
                {
                    return Parse(ReadStart(stream), apis, request.Environment) with { Path = path };
                }
            }
            catch (Exception exception) when (
                exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                return Failed($"The configuration file {path} cannot be read.", path);
            }
        }

        return named is null ? Parse("{}", apis, request.Environment) : Failed($"There is no configuration file {named}.", named);
    }

    /// <param name="utf8">A whole document in UTF-8, with or without a byte order mark.</param>
    /// <param name="apis">The <c>api</c>s that providers may have.</param>
    /// <param name="environment">For <c>${NAME}</c>, the original's variables and <c>OPENCLAW__…</c>.</param>
    public static ConfigResult Parse(
        ReadOnlySpan<byte> utf8, IReadOnlyList<ProviderRules> apis, IReadOnlyDictionary<string, string>? environment = null)
    {
        if (utf8.Length > MaxBytes)
        {
            return Failed($"The configuration is larger than {MaxBytes} bytes.");
        }

        for (var at = 0; at < utf8.Length;)
        {
            if (Rune.DecodeFromUtf8(utf8[at..], out _, out var length) != System.Buffers.OperationStatus.Done)
            {
                var before = Encoding.UTF8.GetString(utf8[..at]);
                var line = before.AsSpan().Count('\n') + 1;
                return Failed(new ConfigProblem(
                    "", line, before.Length - before.LastIndexOf('\n'), "The configuration is not valid UTF-8 here."));
            }

            at += length;
        }

        return Parse(Encoding.UTF8.GetString(utf8), apis, environment);
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte}, IReadOnlyList{ProviderRules}, IReadOnlyDictionary{string, string}?)"/>
    /// <param name="text">A whole document.</param>
    /// <param name="apis">The <c>api</c>s that providers may have.</param>
    /// <param name="environment">For <c>${NAME}</c>, the original's variables and <c>OPENCLAW__…</c>.</param>
    public static ConfigResult Parse(
        string text, IReadOnlyList<ProviderRules> apis, IReadOnlyDictionary<string, string>? environment = null)
    {
        if (text.Length > MaxBytes)
        {
            return Failed($"The configuration is larger than {MaxBytes} bytes.");
        }

        ConfigNode document;
        try
        {
            document = Json5Parser.Parse(text);
        }
        catch (Json5Exception exception)
        {
            return Failed(exception.Problem);
        }

        if (document.Kind != ConfigNodeKind.Map)
        {
            return Failed(new ConfigProblem("", document.Line, document.Column, "The configuration must be an object."));
        }

        var problems = new ConfigProblems();
        environment = VaultReferences.Drop(environment ?? new Dictionary<string, string>(), problems);
        RefuseIncludes(document, "", problems);
        (document, var reading) = DocumentEnvironment.Take(document, environment, problems);
        document = EnvironmentOverlay.Apply(VariableReferences.Expand(document, "", reading), environment, reading);
        var config = SectionReader.Read(document, "", "", reading, root => RootBinding.Read(root, apis));
        config.Document = document;
        return problems.ToResult(config);
    }

    private static IEnumerable<string> Searched(ConfigRequest request)
    {
        yield return Path.Combine(request.CurrentDirectory, FileName);
        if (request.HomeDirectory is { } home)
        {
            yield return Path.Combine(home, ".openclaw", FileName);
        }
    }

    private static string FullPath(string path, ConfigRequest request) =>
        path.StartsWith("~/", StringComparison.Ordinal) && request.HomeDirectory is { } home
            ? Path.Combine(home, path[2..])
            : Path.Combine(request.CurrentDirectory, path);

    /// <summary>Up to one byte more than is allowed.</summary>
    private static byte[] ReadStart(Stream stream)
    {
        var buffer = new byte[MaxBytes + 1];
        return buffer[..stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
    }

    /// <summary>The original merges other files at this key; leaving them out in silence would leave out what they restrict.</summary>
    private static void RefuseIncludes(ConfigNode node, string path, ConfigProblems problems)
    {
        foreach (var member in node.Members)
        {
            var memberPath = ConfigPath.Append(path, member.Key);
            if (member.Key == IncludeKey)
            {
                problems.Error(new ConfigProblem(
                    memberPath, member.Line, member.Column, $"{memberPath} is not supported: put everything into one file."));
            }

            RefuseIncludes(member.Value, memberPath, problems);
        }

        for (var i = 0; i < node.Items.Count; i++)
        {
            RefuseIncludes(node.Items[i], ConfigPath.Append(path, i), problems);
        }
    }

    private static ConfigResult Failed(string message, string? path = null) => Failed(new ConfigProblem("", 0, 0, message), path);

    private static ConfigResult Failed(ConfigProblem problem, string? path = null) => new(null, [problem], [], path);
}
