using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Channels.Files;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Gateway.Channels.Outbox;
using OpenClaw.Gateway.Channels.Progress;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Runs.Input;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Outbox;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Channels.Conversation;

/// <summary>Restores accepted messages on the instance that answers them: commands are answered at once, all else is a run whose answer
/// goes to the outbox in the transaction that stores its turn.</summary>
public sealed class ChannelRuns(
    ChannelList channels, SenderPolicy policy, CommandAnswers commands, Albums albums, InboundFiles files, OutboxDrafts drafts,
    ChannelProgress progress, RunAdmission admission, RunLimits limits, GatewayConfigStore config) : IQueuedRuns
{
    public const string RunKind = "channel";

    public string Kind => RunKind;

    /// <inheritdoc/>
    public async Task<QueuedAnswer?> AnswerAsync(QueuedRun queued, CancellationToken cancellationToken)
    {
        var request = Read(queued);
        if (channels.FindAccount(request.Channel, request.Account) is not var (channel, account))
        {
            return new QueuedAnswer(null); // switched off since then
        }

        if (await policy.JudgeAsync(channel, account, request.Message, cancellationToken) is not null)
        {
            return new QueuedAnswer(null); // the sender may not ask any more
        }

        var command = ChatCommand.Parse(request.Message.Text);
        if (command is null || command.Name is ChatCommand.New or ChatCommand.Reset)
        {
            return null;
        }

        await NoticeAsync(channel, account, request.Message, cancellationToken);
        var text = await commands.AnswerAsync(command, queued.Session, cancellationToken);
        return new QueuedAnswer(drafts.Of(channel, account, request.Message.To, text, request.AcceptedAt));
    }

    /// <inheritdoc/>
    public async Task<RunRequest> RestoreAsync(QueuedRun queued, CancellationToken cancellationToken)
    {
        var request = Read(queued);
        var (message, absorbed) = await albums.CollectAsync(request, queued, cancellationToken);
        var (channel, account) = channels.FindAccount(request.Channel, request.Account)
            ?? throw new GatewayException(GatewayError.Unauthorized("The channel was switched off."));
        await NoticeAsync(channel, account, message, cancellationToken);
        var caller = Caller.OfChannel(channel.Id);
        var selection = new ModelSelection("openclaw/" + queued.Session.Agent, queued.Session.Agent, null);
        var loaded = await files.LoadAsync(channel, account, message.Files, cancellationToken);
        return new RunRequest
        {
            RunId = queued.RunId,
            Caller = caller,
            Agent = admission.FindAgent(selection, caller),
            Selection = selection,
            Session = queued.Session,
            Absorbed = absorbed,
            Input =
            [
                new MessageItem("user", [new TextPart(TextOf(message, loaded.Notes)), .. loaded.Parts]) { Id = RandomId.Message() },
            ],
            InputParam = "message",
            Media = InputRules.ForResponses(config.Current.Gateway.Http.Endpoints),
            AllowsCommands = loaded.Parts.Count == 0,
            MayReset = true, // who may ask in this conversation may begin it anew
            Limit = limits.Background,
            Origin = new ToolOrigin(channel.Id, request.Account, message.Sender, message.To.Chat, message.To.Thread),
            Begun = run => progress.Follow(run, channel, account, message.To),
            Reply = outcome => ReplyText.Of(
                outcome, loaded.Problems, isShown: progress.IsShown(queued.RunId) || channel.ShowsAtOnce(message.To)) is { } text
                ? drafts.Of(channel, account, message.To, text, request.AcceptedAt) : null,
        };
    }

    /// <inheritdoc/>
    public OutboxDraft? ReplyTo(QueuedRun queued, GatewayError failure)
    {
        var request = Read(queued);
        return channels.FindAccount(request.Channel, request.Account) is var (channel, account)
            ? drafts.Of(channel, account, request.Message.To, ReplyText.Of(failure), request.AcceptedAt) : null;
    }

    private static ChannelRequest Read(QueuedRun queued) =>
        JsonSerializer.Deserialize(queued.Request, ChannelsJson.Default.ChannelRequest)
            ?? throw new InvalidOperationException("The stored message is empty.");

    /// <summary>What the person wrote, unchanged and on lines of its own; in groups a line before it says who wrote it.</summary>
    private static string TextOf(InboundMessage message, IReadOnlyList<string> notes)
    {
        var text = message.Text;
        if (message.Kind != ChatKind.Direct && ChatCommand.Parse(text) is null)
        {
            var who = message.SenderName is { Length: > 0 } name ? $"{UntrustedText.Line(name)} ({message.Sender})" : message.Sender;
            text = $"[{who}{(message.ChatTitle is { Length: > 0 } title ? $" in {UntrustedText.Line(title)}" : "")}]\n{text}";
        }

        return string.Join('\n', notes.Prepend(text).Where(line => line.Length > 0));
    }

    private static async Task NoticeAsync(
        Channel channel, ChannelAccount account, InboundMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await channel.NoticeAsync(account, message.To, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // any exception: the answer does not depend on it
        }
    }
}
