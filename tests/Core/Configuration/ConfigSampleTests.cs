using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Configuration;

/// <summary>The samples people copy, and what becomes of them when a copy goes wrong.</summary>
public class ConfigSampleTests
{
    private const string Canary = "oc_gw_canary_4f8a1c97e2b3d6a05f18c2b7e9d4a63b";

    private static readonly Dictionary<string, string> Environment = new() { ["OPENCLAW_GATEWAY_TOKEN"] = "t", ["OPENAI_API_KEY"] = "k" };

    [Fact]
    [Trait("Feature", "D24")]
    public void The_sample_loads_with_all_endpoints_on_and_without_a_warning()
    {
        var result = TestConfig.Load(new ConfigRequest { Path = Repository("openclaw.sample.json"), Environment = Environment });

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        var endpoints = result.Config!.Gateway.Http.Endpoints;
        Assert.Equal((true, true, true), (endpoints.ChatCompletions.Enabled, endpoints.Responses.Enabled, endpoints.Messages.Enabled));
        Assert.Empty(result.Config.Models.Aliases); // shown as a comment: no name is mapped without being asked
    }

    [Fact]
    public void Defaults_in_the_sample_are_the_real_defaults()
    {
        var sample = TestConfig.Load(new ConfigRequest { Path = Repository("openclaw.sample.json"), Environment = Environment }).Config!;
        var defaults = new GatewayConfig();

        Assert.Equal(Limits(defaults), Limits(sample));
        Assert.Equal(defaults.Storage.Prefix, sample.Storage.Prefix);
        Assert.Equal(defaults.Gateway.Bind, sample.Gateway.Bind);

        static string Limits(GatewayConfig config)
        {
            var (chat, responses) = (config.Gateway.Http.Endpoints.ChatCompletions, config.Gateway.Http.Endpoints.Responses);
            var media = config.Gateway.Http.Media;
            var (files, rate) = (responses.Files, config.Gateway.Auth.RateLimit);
            return string.Join(' ',
            [
                chat.MaxBodyBytes, chat.MaxImageParts, chat.MaxTotalImageBytes, Images(
                    chat.Images), responses.MaxBodyBytes, responses.MaxUrlParts,
                config.Gateway.Http.Endpoints.Messages.MaxBodyBytes,
                Images(responses.Images), files.AllowUrl, string.Join(
                    ',', files.AllowedMimes), files.MaxBytes, files.MaxChars, files.MaxRedirects,
                files.TimeoutMs, files.Pdf.MaxPages, files.Pdf.MaxPixels, files.Pdf.MinTextChars,
                rate.MaxAttempts, rate.WindowMs, rate.LockoutMs, rate.ExemptLoopback,
                    config.Gateway.Http.RateLimit.RequestsPerMinute, config.Gateway.Http.RateLimit.WaitingRuns,
                config.Gateway.Http.Outbound.AllowHttp, string.Join(',', config.Gateway.Http.Outbound.Ports),
                media.Enabled, media.MaxBytes, media.TtlSeconds, media.MaxTtlSeconds, media.QuotaBytes, media.TicketSeconds, string.Join(
                    ',', media.AllowedMimes),
            ]);
        }

        static string Images(ImagesSection images) =>
            $"{images.AllowUrl} {string.Join(',', images.AllowedMimes)} {images.MaxBytes} {images.MaxRedirects} {images.TimeoutMs}";
    }

    [Fact]
    [Trait("Feature", "D24")]
    public void The_local_settings_sample_configures_a_gateway_by_itself()
    {
        using var settings = JsonDocument.Parse(File.ReadAllText(Repository("local.settings.sample.json")));
        var values = settings.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(
            value => value.Name, value => value.Value.GetString()!);

        var result = TestConfig.Parse("{}", values);

        Assert.Equal("dotnet-isolated", values["FUNCTIONS_WORKER_RUNTIME"]);
        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        Assert.Equal("echo/echo", result.Config!.Agents.Defaults.Model!.Primary);
        Assert.Equal("echo", result.Config.Models.Providers["echo"].Api);
        var endpoints = result.Config.Gateway.Http.Endpoints;
        Assert.Equal((true, true, true), (endpoints.ChatCompletions.Enabled, endpoints.Responses.Enabled, endpoints.Messages.Enabled));
        Assert.Equal(values["OPENCLAW_GATEWAY_TOKEN"], result.Config.Gateway.Auth.Token);
    }

    [Fact]
    [Trait("Feature", "F92")]
    public void A_damaged_file_loads_or_says_where_it_is_wrong_and_never_shows_a_secret()
    {
        var sample = File.ReadAllText(Repository("openclaw.sample.json")).ReplaceLineEndings("\n")
            .Replace("${OPENCLAW_GATEWAY_TOKEN}", Canary).Replace("${OPENAI_API_KEY}", Canary).Replace("\"example\" }", $"\"{Canary}\" }}");
        Assert.Equal(4, sample.Split(Canary).Length);

        var (loaded, unparsable, wrong) = (0, 0, 0);
        Prop.ForAll(ArbMap.Default.ArbFor<DoNotSize<int>>(), seed =>
        {
            var result = TestConfig.Parse(Damage(sample, new Random(seed.Item)), Environment);
            _ = result switch
            {
                { Config: not null } => loaded++,
                { Errors: [{ Message: var message }] } when message.Contains("xpected") => unparsable++,
                _ => wrong++,
            };
            return (result.Config is null) == (result.Errors.Count > 0)
                && result.Errors.Take(20).All(
                    error => error is { Line: > 0, Column: > 0 } && (error.Message.EndsWith('.') || error.Message.EndsWith('?')))
                && result.Errors.Concat(result.Warnings).All(problem => !problem.ToString().Contains(Canary));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000).WithReplay(20261127, 1));
        Assert.True(loaded > 100 && unparsable > 100 && wrong > 100, $"{loaded} loaded, {unparsable} did not parse, {wrong} were wrong");
    }

    [Fact]
    public void Wrong_values_from_the_environment_are_not_repeated()
    {
        foreach (var variable in new[]
        {
            "OPENCLAW__gateway__port", "OPENCLAW__gateway__auth", "OPENCLAW__gateway__auth__mode", "OPENCLAW__gateway__auth__token__x",
            "OPENCLAW__models__providers", "OPENCLAW__models__providers__p__headers", "OPENCLAW__agents__entries__a__model", "OPENCLAW__x",
        })
        {
            foreach (var value in new[] { Canary, $"{{{Canary}: 1}}", $"{{'{Canary}'", $"['{Canary}', ", $"{{x: {{'{Canary} a': {Canary}",
                $"{Canary} " })
            {
                var result = TestConfig.Parse("{}", new Dictionary<string, string> { [variable] = value });

                Assert.DoesNotContain(result.Errors.Concat(result.Warnings), problem => problem.ToString().Contains(Canary));
            }
        }
    }

    /// <summary>One to four edits: characters dropped, doubled, swapped for others, lines exchanged, tails cut off.</summary>
    private static string Damage(string text, Random random)
    {
        for (var edits = random.Next(1, 5); edits > 0 && text.Length > 2; edits--)
        {
            var at = random.Next(text.Length - 1);
            var length = random.Next(1, Math.Min(20, text.Length - at));
            var odd = "{}[]:,'\"\\/*0x-+.\n\0$é\uD800";
            text = random.Next(6) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, text.Substring(at, length)),
                2 => text.Remove(at, 1).Insert(at, odd[random.Next(odd.Length)].ToString()),
                3 => text[..at],
                4 => text.Insert(at, new[] { "null", "1e400", "${NOPE}", "//", "/*", "\\u", "[[[[", "'", "NaN" }[random.Next(9)]),
                _ => string.Join('\n', text.Split('\n').OrderBy(_ => random.Next(20) == 0 ? random.Next() : 0)),
            };
        }

        return text;
    }

    private static string Repository(string file)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "OpenClaw.Functions.sln")))
        {
            directory = directory.Parent;
        }

        return Path.Combine(directory.FullName, file);
    }
}
