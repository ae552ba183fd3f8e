namespace OpenClaw.Tests.Core.Models.Streams;

/// <summary>An answer in a wire format, before it becomes bytes.</summary>
/// <param name="Frames">The events, in order.</param>
/// <param name="ContentFrames">How many of them may come before an error without being the end.</param>
/// <param name="Document">The same answer as one JSON document.</param>
/// <param name="Expected">What must be read.</param>
/// <param name="HasEndMark">Whether the last event says that nothing follows.</param>
/// <param name="MayEndEarly">Whether a stream that ends after some event looks whole, so that only a reset shows that it was
/// cut.</param>
internal sealed record StreamScript(
    IReadOnlyList<StreamFrame> Frames,
    int ContentFrames,
    string Document,
    StreamAnswer Expected,
    bool HasEndMark,
    bool MayEndEarly = false)
{
    public static StreamScript Of(string api, StreamCase stream, Random random)
    {
        var answer = StreamAnswer.All[stream.Answer % StreamAnswer.All.Count];
        return api switch
        {
            "openai-completions" => CompletionsScript.Write(answer, stream, random),
            "openai-responses" => ResponsesScript.Write(answer, stream, random),
            _ => AnthropicScript.Write(answer, stream, random),
        };
    }
}
