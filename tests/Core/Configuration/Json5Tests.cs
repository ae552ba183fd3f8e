using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Parsing;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Configuration;

/// <summary>JSON5 as the specification has it; values are seen through <c>ui</c>, which is kept as written.</summary>
[Trait("Feature", "F92")]
public class Json5Tests
{
    [Theory]
    [InlineData("'single'", "single")]
    [InlineData("\"double 'inside'\"", "double 'inside'")]
    [InlineData("'a\\\nb\\\r\nc\\\u2028d'", "abcd")]
    [InlineData(@"'\b\f\n\r\t\v\0\'\""\\\/\q'", "\b\f\n\r\t\v\0'\"\\/q")]
    [InlineData(@"'\x41\u00e9\uD83D\uDE00'", "Aé😀")]
    [InlineData("'\u2028\u2029'", "\u2028\u2029")]
    [InlineData("'tab\tinside'", "tab\tinside")]
    public void Strings_are_read_with_their_escapes(string text, string value) => Assert.Equal(value, Read(text).Text);

    [Theory]
    [InlineData("0", "0")]
    [InlineData("+1", "1")]
    [InlineData("-1", "-1")]
    [InlineData("-0", "-0")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("-.5e-3", "-0.5e-3")]
    [InlineData("1E+3", "1e3")]
    [InlineData("0xdecaf", "912559")]
    [InlineData("-0XC0", "-192")]
    [InlineData("123456789012345678", "123456789012345678")]
    public void Numbers_are_read_exactly(string text, string value)
    {
        var node = Read(text);

        Assert.Equal((ConfigNodeKind.Number, value), (node.Kind, node.Text));
    }

    [Theory]
    [InlineData("{bare: 1, $_9: 2, 'quo ted': 3, ünïcode: 4, \\u0061bc: 5, null: 6, }", "bare,$_9,quo ted,ünïcode,abc,null")]
    [InlineData("{/* a */ b /* c */ : // d\n 1 /**/, // e\r\n}", "b")]
    [InlineData("{\uFEFF\u00A0\u2003\v\f a\t:\r1\n}", "a")]
    public void Keys_need_quotes_only_when_they_are_no_names(string text, string keys) =>
        Assert.Equal(keys, string.Join(',', Read(text).Members.Select(member => member.Key)));

    [Theory]
    [InlineData("[]", 0)]
    [InlineData("[1,]", 1)]
    [InlineData("[true, false, null, 'x',]", 4)]
    public void Lists_may_end_in_a_comma(string text, int count) => Assert.Equal(count, Read(text).Items.Count);

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("  // nothing\n", 2, 1)]
    [InlineData("[1]", 1, 1)]
    [InlineData("{} {}", 1, 4)]
    [InlineData("{a:1,\n a:2}", 2, 2)]
    [InlineData("{a:1,\n 'a':2}", 2, 2)]
    [InlineData("{a:1 b:2}", 1, 6)]
    [InlineData("{a:}", 1, 4)]
    [InlineData("{a 1}", 1, 4)]
    [InlineData("{,}", 1, 2)]
    [InlineData("{a:[,]}", 1, 5)]
    [InlineData("{a:[1,,2]}", 1, 7)]
    [InlineData("{9a:1}", 1, 2)]
    [InlineData("{a-b:1}", 1, 3)]
    [InlineData("{\\x61:1}", 1, 3)]
    [InlineData("{a:'open", 1, 4)]
    [InlineData("{a:'two\nlines'}", 1, 4)]
    [InlineData("{a:'\\1'}", 1, 5)]
    [InlineData("{a:'\\01'}", 1, 5)]
    [InlineData("{a:'\\xZZ'}", 1, 5)]
    [InlineData("{a:'\\u12'}", 1, 5)]
    [InlineData("{a:'\\uD800'}", 1, 4)]
    [InlineData("{a:010}", 1, 4)]
    [InlineData("{a:0x}", 1, 4)]
    [InlineData("{a:1e}", 1, 4)]
    [InlineData("{a:.}", 1, 4)]
    [InlineData("{a:+}", 1, 4)]
    [InlineData("{a:--1}", 1, 4)]
    [InlineData("{a:12abc}", 1, 4)]
    [InlineData("{a:1.2.3}", 1, 4)]
    [InlineData("{a:1e999}", 1, 4)]
    [InlineData("{a:Infinity}", 1, 4)]
    [InlineData("{a:-Infinity}", 1, 4)]
    [InlineData("{a:NaN}", 1, 4)]
    [InlineData("{a:undefined}", 1, 4)]
    [InlineData("{a:TRUE}", 1, 4)]
    [InlineData("{/* open", 1, 2)]
    [InlineData("{a:1", 1, 5)]
    [InlineData("{\r\n  a: [1, 2\r\n", 3, 1)]
    public void Text_that_is_not_JSON5_is_refused_with_line_and_column(string text, int line, int column)
    {
        var result = TestConfig.Parse(text);

        Assert.Null(result.Config);
        var error = Assert.Single(result.Errors);
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.StartsWith($"line {line}, column {column}: ", error.ToString());
    }

    [Fact]
    public void An_error_names_the_path_it_is_in()
    {
        var error = Assert.Single(TestConfig.Parse("{\n gateway: {\n  auth: { token: oops } } }").Errors);

        Assert.Equal("gateway.auth.token", error.Path);
        Assert.Equal("line 3, column 18: Expected a value; a string needs quotes, in gateway.auth.token.", error.ToString());
    }

    [Fact]
    public void Nesting_stops_at_64_levels()
    {
        Assert.Empty(TestConfig.Parse($"{{ui: {{a: {Nested(62)}}}}}").Errors);
        Assert.Contains("64 levels", Assert.Single(TestConfig.Parse($"{{ui: {{a: {Nested(63)}}}}}").Errors).Message);
        Assert.Single(TestConfig.Parse(new string('[', 1_000_000)).Errors);

        static string Nested(int depth) => new string('[', depth) + new string(']', depth);
    }

    [Fact]
    public void A_file_of_one_mebibyte_loads_and_a_larger_one_does_not()
    {
        var fits = Encoding.UTF8.GetBytes("{}" + new string(' ', ConfigLoader.MaxBytes - 2));

        Assert.Empty(TestConfig.Parse(fits).Errors);
        Assert.Contains("1048576 bytes", Assert.Single(TestConfig.Parse([.. fits, (byte)' ']).Errors).Message);
    }

    [Fact]
    public void A_byte_order_mark_is_skipped_and_invalid_UTF8_refused()
    {
        Assert.Empty(TestConfig.Parse([0xEF, 0xBB, 0xBF, .. "{}"u8]).Errors);

        var error = Assert.Single(TestConfig.Parse([.. "{\n  // é"u8, 0xFF, .. "\n}"u8]).Errors);
        Assert.Equal((2, 7), (error.Line, error.Column));
        Assert.NotEmpty(TestConfig.Parse(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("{}")).ToArray()).Errors);
    }

    [Fact]
    public void Any_value_written_as_JSON5_is_read_back() => Prop.ForAll(ArbMap.Default.ArbFor<DoNotSize<int>>(), seed =>
    {
        var random = new Random(seed.Item);
        var (text, shape) = Json5Writer.Write(random, depth: 0);

        return Json5Writer.Shape(Read(text)) == shape;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithReplay(20261127, 1));

    private static ConfigNode Read(string text)
    {
        var result = TestConfig.Parse($"{{ui: {{value: {text}}}}}");
        Assert.True(result.Errors.Count == 0, string.Join('\n', result.Errors));
        return result.Config!.Document!.Find("ui")!.Find("value")!;
    }
}

/// <summary>Writes random values in random spellings, together with what they are.</summary>
internal static class Json5Writer
{
    private static readonly string[] Blanks = ["", " ", "\n", "\t", "\r\n", "/* c */", "// c\n", "\u00A0"];

    public static (string Text, string Shape) Write(Random random, int depth)
    {
        switch (random.Next(depth > 4 ? 4 : 6))
        {
            case 0:
                return random.Next(2) == 0 ? ("true", "true") : ("null", "null");
            case 1:
                var number = random.Next(-100_000, 100_000);
                var sign = number < 0 ? "-" : random.Next(2) == 0 ? "+" : "";
                return ($"{sign}{(random.Next(2) == 0 ? "0x" + Math.Abs(number).ToString("x", CultureInfo.InvariantCulture) : Math.Abs(number) + ".")}", $"{number}");
            case 2 or 3:
                var value = Text(random);
                return (Quote(value, random), $"<{value}>");
            case 4:
                var items = Enumerable.Range(0, random.Next(4)).Select(_ => Write(random, depth + 1)).ToList();
                return (Blank(random, "[", string.Join(",", items.Select(item => Blank(random, item.Text))), items.Count > 0
                    && random.Next(2) == 0 ? ",]" : "]"),
                    $"[{string.Join(",", items.Select(item => item.Shape))}]");
            default:
                var members = Enumerable.Range(0, random.Next(4)).Select(
                    i => (Key: i + Text(random), Value: Write(random, depth + 1))).ToList();
                return (Blank(random, "{", string.Join(
                    ",", members.Select(m => Blank(random, Quote(m.Key, random), ":", m.Value.Text))), "}"),
                    $"{{{string.Join(",", members.Select(m => m.Key + "=" + m.Value.Shape))}}}");
        }
    }

    public static string Shape(ConfigNode node) => node.Kind switch
    {
        ConfigNodeKind.Map => $"{{{string.Join(",", node.Members.Select(m => m.Key + "=" + Shape(m.Value)))}}}",
        ConfigNodeKind.List => $"[{string.Join(",", node.Items.Select(Shape))}]",
        ConfigNodeKind.Text => $"<{node.Text}>",
        ConfigNodeKind.Number => node.Text == "-0" ? "0" : node.Text,
        _ => node.Text,
    };

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => char.ConvertFromUtf32(random.Next(4) switch
        {
            0 => random.Next(0, 32),
            1 => random.Next(0x2020, 0x2030),
            2 => random.Next(0x1F600, 0x1F640),
            _ => random.Next(32, 127),
        })));

    private static string Quote(string value, Random random)
    {
        var quote = random.Next(2) == 0 ? '"' : '\'';
        var text = new StringBuilder().Append(quote);
        foreach (var character in value)
        {
            text.Append(character switch
            {
                _ when character == quote || character == '\\' => $"\\{character}",
                '\n' or '\r' => random.Next(2) == 0 ? $"\\u{(int)character:x4}" : character == '\n' ? "\\n" : "\\r",
                '$' => "\\x24", // so that no ${NAME} comes about
                _ when random.Next(8) == 0 => $"\\u{(int)character:X4}",
                _ => random.Next(8) == 0 ? $"\\\n{character}" : $"{character}",
            });
        }

        return text.Append(quote).ToString();
    }

    private static string Blank(Random random, params string[] parts) =>
        string.Concat(parts.Select(part => Blanks[random.Next(Blanks.Length)] + part + Blanks[random.Next(Blanks.Length)]));
}
