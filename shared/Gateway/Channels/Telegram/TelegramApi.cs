using System.Collections.Concurrent;
using System.Globalization;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Channels;
using OpenClaw.Gateway.Channels.Outbox;
using Telegram.Bot;
using Telegram.Bot.Exceptions;

namespace OpenClaw.Gateway.Channels.Telegram;

/// <summary>Calls of the Bot API by Telegram.Bot, one client for each token. Its own repeating is switched off: the outbox
/// repeats.</summary>
internal sealed class TelegramApi(ChannelHttp http, GatewayConfigStore config, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Token, string Root), TelegramBotClient> _clients = new();
    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);

    private TimeSpan Limit => TimeSpan.FromMilliseconds(config.Current.Gateway.Webhooks.Timeout);

    /// <summary>The number in front of the token.</summary>
    public static long BotIdOf(TelegramSection section) =>
        long.Parse(section.BotToken!.Split(':')[0], NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>One call, within the time of <c>gateway.webhooks.timeout</c>.</summary>
    /// <param name="isUpload">Whether it carries a file: then it may take longer.</param>
    /// <exception cref="RequestException">The API refused it, or did not answer.</exception>
    public async Task<T> CallAsync<T>(
        TelegramSection section, Func<TelegramBotClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken,
        bool isUpload = false)
    {
        using var limit = new CancellationTokenSource(isUpload ? TimeSpan.FromMinutes(2) : Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await call(ClientOf(section), both.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RequestException("The Bot API did not answer in time.", late);
        }
    }

    /// <summary>The bot's name without <c>@</c>; asked once.</summary>
    /// <exception cref="RequestException">It could not be had.</exception>
    public async ValueTask<string> FindNameAsync(TelegramSection section, CancellationToken cancellationToken)
    {
        if (_names.GetValueOrDefault(section.BotToken!) is { } known)
        {
            return known;
        }

        var me = await CallAsync(section, static (client, token) => client.GetMe(token), cancellationToken);
        return _names[section.BotToken!] = me.Username ?? "";
    }

    /// <summary>Where a file is; the address holds the bot's token.</summary>
    public static Uri AddressOf(TelegramSection section, string path) => new($"{section.ApiRoot}/file/bot{section.BotToken}/{path}");

    /// <summary>What a failed call means for the message that it was to send.</summary>
    public static SendOutcome OutcomeOf(Exception failure) => failure switch
    {
        ApiRequestException { Parameters.RetryAfter: { } seconds } => new SendOutcome.Later(TimeSpan.FromSeconds(Math.Max(1, seconds))),
        ApiRequestException { ErrorCode: 429 } => new SendOutcome.Later(TimeSpan.FromSeconds(5)),
        ApiRequestException { ErrorCode: >= 500 } api => new SendOutcome.Failed($"the Bot API answered {api.ErrorCode}"),
        ApiRequestException api => new SendOutcome.Refused($"the Bot API answered {api.ErrorCode}: {api.Message}"),
        RequestException { HttpStatusCode: { } status } => new SendOutcome.Failed($"the Bot API answered {(int)status}"),
        RequestException { InnerException: { } inner } when ChannelHttp.WasNotSent(inner) =>
            new SendOutcome.Failed("the Bot API could not be reached"),
        _ => new SendOutcome.Unanswered("the Bot API did not answer"),
    };

    private TelegramBotClient ClientOf(TelegramSection section) => _clients.GetOrAdd((section.BotToken!, section.ApiRoot), key =>
        new TelegramBotClient(
            new TelegramBotClientOptions(key.Token, key.Root) { RetryCount = 0, RetryThreshold = 0 }, http.For(new Uri(key.Root))));
}
