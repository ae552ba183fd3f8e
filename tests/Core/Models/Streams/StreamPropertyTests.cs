using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace OpenClaw.Tests.Core.Models.Streams;

[Trait("Feature", "R17")]
public class StreamPropertyTests
{
    /// <summary>The same streams each time; <c>bench streams</c> tries others, and more of them.</summary>
    [Theory]
    [InlineData("openai-completions", 1)]
    [InlineData("openai-responses", 1)]
    [InlineData("anthropic-messages", 1)]
    public void A_stream_is_read_right_or_refused_however_it_is_sent(string api, ulong seed) => Prop
        .ForAll(StreamCase.Any, async stream =>
        {
            if (await StreamCheck.RunAsync(api, stream) is { } wrong)
            {
                Assert.Fail(wrong);
            }
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(3_000).WithReplay(seed, 1));
}
