using System.Buffers;
using System.Text;
using System.Text.Json;

namespace OpenClaw.Tests.Support.Realtime.Fuzz;

/// <summary>Messages that no honest client sends: random bytes, and valid messages with a part that was changed.</summary>
internal static class FrameMutations
{
    /// <summary>What may stand in place of any JSON value.</summary>
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1e308", "9223372036854775808", "-0.5", "1.0", "2147483648", "\"\"", "\" \"", "\"main\"",
        "\"\\ud800\"", "\"\\udc00x\"", "\"\\u0000\"", "\"\\u202e\\ufeff\"", "\"../../etc\"", "\"agent:main:main\"", "\"agent:\"",
        "\"__proto__\"", "\"%2f%00\"", "\"PartitionKey eq 'x'\"", "[]", "{}", "[null]", "[[[[]]]]", "{\"\":{}}", "{\"a\":1,\"a\":2}",
        "{\"\\ud83d\":1}", "\"\ud83d\ude00\"", "[1,\"a\",{}]", "NaN", "'x'", "",
    ];

    /// <summary>A changed message, or random bytes.</summary>
    /// <param name="samples">Valid messages.</param>
    public static byte[] Next(Random random, IReadOnlyList<string> samples)
    {
        if (random.Next(20) == 0)
        {
            return Bytes(random);
        }

        var message = Encoding.UTF8.GetBytes(samples[random.Next(samples.Count)]);
        for (var changes = random.Next(1, 3); changes > 0; changes--)
        {
            message = Change(random, message, samples);
        }

        return message;
    }

    private static byte[] Change(Random random, byte[] message, IReadOnlyList<string> samples) => random.Next(20) switch
    {
        0 => Flip(random, message),
        1 => message[..random.Next(message.Length + 1)],
        2 => [.. message, .. Encoding.UTF8.GetBytes(samples[random.Next(samples.Count)])],
        3 => Cut(random, message),
        4 => Deepen(random, message),
        5 => Replace(random, message, "\"" + new string('x', random.Next(200, 20_000)) + "\""),
        6 or 7 or 8 => Drop(random, message),
        _ => Replace(random, message, Values[random.Next(Values.Length)]),
    };

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(0, 200)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Flip(Random random, byte[] message)
    {
        var changed = message.ToArray();
        for (var i = random.Next(1, 4); i > 0 && changed.Length > 0; i--)
        {
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
        }

        return changed;
    }

    private static byte[] Cut(Random random, byte[] message)
    {
        var start = random.Next(message.Length + 1);
        var length = Math.Min(message.Length - start, random.Next(1, 12));
        return [.. message[..start], .. message[(start + length)..]];
    }

    /// <summary>Puts the message, or one value of it, into many arrays.</summary>
    private static byte[] Deepen(Random random, byte[] message)
    {
        var depth = random.Next(1, 200);
        return random.Next(2) == 0
            ? Replace(random, message, new string('[', depth) + new string(']', depth))
            : [.. Encoding.UTF8.GetBytes(new string('[', depth)), .. message, .. Encoding.UTF8.GetBytes(new string(']', depth))];
    }

    /// <summary>Another value, or another name of a property.</summary>
    private static byte[] Replace(Random random, byte[] message, string value)
    {
        var tokens = Tokens(message);
        if (tokens.Count == 0)
        {
            return message;
        }

        var (start, length) = tokens[random.Next(tokens.Count)];
        return [.. message[..start], .. Encoding.UTF8.GetBytes(value), .. message[(start + length)..]];
    }

    /// <summary>A property less: its name becomes one that nobody reads, or the value is given twice.</summary>
    private static byte[] Drop(Random random, byte[] message)
    {
        var names = Tokens(message, static type => type == JsonTokenType.PropertyName);
        if (names.Count == 0)
        {
            return message;
        }

        var (start, length) = names[random.Next(names.Count)];
        return random.Next(2) == 0
            ? [.. message[..start], .. "\"dropped\""u8, .. message[(start + length)..]]
            : [.. message[..start], .. message[start..(start + length)], .. ":null,"u8, .. message[start..]];
    }

    private static List<(int Start, int Length)> Tokens(byte[] message, Func<JsonTokenType, bool>? fits = null)
    {
        var found = new List<(int, int)>();
        var reader = new Utf8JsonReader(new ReadOnlySequence<byte>(message));
        try
        {
            while (reader.Read())
            {
                if (fits?.Invoke(reader.TokenType) ?? IsScalar(reader.TokenType))
                {
                    found.Add(((int)reader.TokenStartIndex, LengthOf(ref reader)));
                }
            }
        }
        catch (JsonException)
        {
            // the message was damaged before; what stands before the damage can still be changed
        }

        return found;
    }

    private static bool IsScalar(JsonTokenType type) => type is JsonTokenType.PropertyName or JsonTokenType.String or JsonTokenType.Number
        or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null;

    private static int LengthOf(ref Utf8JsonReader reader)
    {
        var length = reader.HasValueSequence ? (int)reader.ValueSequence.Length : reader.ValueSpan.Length;
        return reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String ? length + 2 : length;
    }
}
