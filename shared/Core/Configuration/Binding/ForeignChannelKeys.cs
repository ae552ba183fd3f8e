namespace OpenClaw.Configuration.Binding;

/// <summary>Keys of the original's channels that have no effect here. See <see cref="ForeignKeys"/>.</summary>
internal static class ForeignChannelKeys
{
    private const string NoEffect = "is a setting of the original OpenClaw that has no effect here";

    private const string NoChannel = "has no effect: this gateway does not have this channel of the original OpenClaw";

    private const string OfAll =
        "ackReaction actions allowBots blockStreaming blockStreamingCoalesce capabilities chunkMode commands configWrites "
        + "contextVisibility defaultAccount defaultTo direct dm dmHistoryLimit dms draftChunk execApprovals healthMonitor heartbeat "
        + "historyLimit markdown name network proxy reactionLevel reactionNotifications replyToMode responsePrefix retry streamMode "
        + "textChunkMode threadBindings timeoutSeconds";

    /// <summary>Keys by the channel, or by the pattern of a section in it.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["telegram"] = "autoTopicLabel customCommands errorPolicy ingress linkPreview mediaGroupFlushMs pollingStallThresholdMs "
            + "silentErrorReplies tokenFile trustedLocalFileRoots webhookCertPath webhookHost webhookPort webhookUrl",
        ["slack"] = "appToken dangerouslyAllowNameMatching interactiveReplies nativeStreaming nativeTransport reactionAllowlist "
            + "requireMention replyToModeByChatType slashCommand socketMode thread typingReaction unfurlLinks unfurlMedia "
            + "userToken userTokenReadOnly",
        ["discord"] = "activity activityType activityUrl agentComponents autoPresence dangerouslyAllowNameMatching eventQueue "
            + "gatewayUrl inboundWorker intents pluralkit presence slashCommand status subagentProgress suppressEmbeds thread "
            + "ui voice",
        ["whatsapp"] = "accountId authDir debounceMs exposeErrorText mediaMaxBytes messagePrefix pluginHooks replyToSelf "
            + "selfChatMode sendReadReceipts systemPrompt groups",
        ["webhook"] = "",
    };

    private const string OfGroups =
        "agentId allow autoThread channels groupPolicy ignoreOtherMentions ingest name reactionNotifications requireTopic roles skills "
        + "slug systemPrompt tools toolsBySender users disableAudioPreflight errorPolicy";

    private const string OtherChannels =
        "bluebubbles clickclack defaults email feishu googlechat imessage irc kakao line matrix mattermost modelByChannel msteams "
        + "nextcloud-talk nostr qqbot raft reef signal sms synology-chat telnyx tlon twitch voice-call wechat wecom yuanbao zalo zalouser";

    /// <inheritdoc cref="ForeignKeys.NoteOn"/>
    public static string? NoteOn(string section, string key)
    {
        var parts = section.Split('.');
        var isKnown = parts switch
        {
            ["channels"] => Has(OtherChannels, key),
            ["bindings[]"] => Has("acp comment session type", key),
            ["bindings[]", "match"] => key == "roles",
            ["channels", _] or ["channels", _, "accounts", "*"] =>
                Has(OfAll, key) || (Known.TryGetValue(parts[1], out var keys) && Has(keys, key)),
            ["channels", _, .., "*"] => Has(OfGroups, key),
            _ => false,
        };
        return !isKnown ? null : section == "channels" ? NoChannel : NoEffect;
    }

    private static bool Has(string keys, string key) => keys.Split(' ').Contains(key);
}
