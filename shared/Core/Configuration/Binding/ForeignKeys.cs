namespace OpenClaw.Configuration.Binding;

/// <summary>
/// Keys of the original OpenClaw that have no effect here: its files load, with one warning for each. Source: key names of OpenClaw
/// 2026.9's
/// configuration schema and of older releases.
/// </summary>
internal static class ForeignKeys
{
    private const string NoEffect = "is a setting of the original OpenClaw that has no effect here";

    private const string NotEnforced = "restricts something in the original OpenClaw; this gateway does not enforce it";

    private const string CompatKeys =
        "allowEmptySignature anthropicVersion cacheControlFormat cacheControlTtl chatTemplateArgs chatTemplateKwargs deferredToolsMode "
        + "exposesReasoningText forceAdaptiveThinking includeReasoning noSystemPromptGuard noToolCallIdGuard openRouterRouting "
        + "nativeWebSearchTool reasoningEffortMap reasoningOutputFormat requiresOpenAiAnthropicToolPayload requiresThinkingAsText "
        + "sendSessionAffinityHeaders sessionAffinityFormat supportedReasoningEfforts supportsAdditionalTools supportsCacheControlOnTools "
        + "supportsEagerToolInputStreaming "
        + "supportsExplicitPromptCacheMode supportsFinishReason supportsLongCacheRetention supportsMaxOutputTokens "
        + "supportsMidConvoSystemMessages supportsMidConvoToolAdditions supportsOpenAIGrammarTools supportsPromptCacheBreakpoints "
        + "supportsPromptCacheKey supportsPromptCaching supportsReasoningSummaries supportsStore supportsStrictTools "
        + "supportsThinkingDisplay supportsThinkingTokenBudget supportsToolReferences supportsToolSearch thinkingFormat "
        + "thinkingTokenBudgetField toolCallArgumentsEncoding toolSchemaProfile unsupportedToolSchemaKeywords vercelGatewayRouting "
        + "vllmPriority zaiToolStream";

    private const string AgentKeys =
        "bootstrapMaxChars bootstrapTotalMaxChars contextInjection contextLimits cwd decisionModel embeddedAgent "
        + "embeddedPi experimental fastModeDefault humanDelay memory memorySearch modelPolicy models params reasoningDefault "
        + "sandbox skills subagents systemPromptOverride thinkingDefault toolProgressDetail typingMode utilityModel "
        + "verboseDefault workspace ";

    private const string ToolKeys = "codeMode elevated exec experimental loopDetection message sandbox ";

    /// <summary>Keys by the pattern of the section that holds them.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        [""] = "accessGroups acp agent approvals attachments audio audit auth broadcast browser canvasHost cli cloudWorkers "
            + "commands desktop diagnostics discovery heartbeat identity logging media memorySearch messages meta multiAgent "
            + "nodeHost plugins proxy routing secrets security skills surfaces talk telemetry transcripts tts tui ui update vault "
            + "web "
            + "wizard worktreeAcceleration worktreeRoot defaultModel",
        ["env"] = "shellEnv",
        ["gateway"] = "allowRealIpFallback channelHealthCheckMinutes channelMaxRestartsPerHour channelStaleEventThresholdMinutes cliAgents "
            + "controlUi handshakeTimeoutMs mode nodes portals push reload remote roles tailscale terminal tls webchat",
        ["gateway.auth"] = "allowTailscale",
        ["gateway.auth.trustedProxy"] = "cloudflareAccessOidc deviceAutoApprove",
        ["gateway.http"] = "securityHeaders",
        ["models"] = "bedrockDiscovery catalogRefresh pricing",
        ["models.providers.*"] = "agentRuntime authHeader contextTokens contextWindow injectNumCtxForOpenAICompat localService "
            + "maxTokens params region request timeoutSeconds",
        ["models.providers.*.models[]"] =
            "agentRuntime api baseUrl contextTokens headers mediaInput metadataSource params thinkingLevelMap",
        ["models.providers.*.compat"] = CompatKeys,
        ["models.providers.*.models[].compat"] = CompatKeys,
        ["models.providers.*.models[].cost"] = "tieredPricing",
        ["hooks"] = "gmail internal presets",
        ["cron"] = "failureAlert failureDestination maxConcurrentRuns retry runLog sessionRetention store webhook",
        ["agents"] = "ownership",
        ["agents.defaults"] =
            AgentKeys + "additionalSystemPrompt authInheritance blockStreamingBreak blockStreamingChunk blockStreamingCoalesce "
            + "blockStreamingDefault bootstrapPromptTruncationWarning cliBackends contextPruning contextTokens elevatedDefault "
            + "envelopeElapsed envelopeTimestamp envelopeTimezone imageGenerationModel imageMaxDimensionPx imageModel imageQuality llm "
            + "maxConcurrent mediaMaxMb mediaModels modelSelectionScope musicGenerationModel pdfMaxBytesMb pdfMaxMb pdfMaxPages pdfModel "
            + "repoRoot sessionStore silentReply silentReplyRewrite skipBootstrap skipOptionalBootstrapFiles startupContext systemAgent "
            + "timeFormat typingIntervalSeconds userTimezone videoGenerationModel voiceModel",
        ["agents.defaults.compaction"] =
            "customInstructions identifierInstructions identifierPolicy keepRecentTokens maxActiveTranscriptBytes "
            + "maxHistoryShare memoryFlush midTurnPrecheck mode model notifyUser postCompactionSections postIndexSync provider "
            + "qualityGuard recentTurnsPreserve reserveTokens reserveTokensFloor timeoutSeconds truncateAfterCompaction",
        ["session"] = "agentToAgent idleMinutes mainKey maintenance parentForkMaxTokens resetTriggers scope "
            + "sendPolicy store threadBindings typingIntervalSeconds typingMode writeLock",
        ["agents.defaults.heartbeat"] = "accountId ackMaxChars activeHours directPolicy includeReasoning includeSystemPromptSection "
            + "isolatedSession lightContext model session skipWhenBusy suppressToolErrorWarnings target timeoutSeconds to",
        ["agents.entries.*"] = AgentKeys + "heartbeat agentDir description groupChat identity runtime skillsLimits tts",
        ["tools"] = ToolKeys + "agentToAgent links media sessions_spawn subagents swarm toolSearch",
        ["tools.web"] = "search x_search",
        ["tools.web.fetch"] = "cacheTtlMinutes enabled firecrawl maxCharsCap maxResponseBytes provider readability ssrfPolicy userAgent",
        ["tools.fs"] = "workspaceOnly",
        ["agents.entries.*.tools"] = ToolKeys + "fs toolsBySender",
        ["mcp"] = "apps sessionIdleTtlMs",
        ["mcp.servers.*"] = "auth clientCert clientKey codex oauth sslVerify supportsParallelToolCalls type",
        ["memory"] = "backend citations qmd",
        ["memory.search"] = "cache chunking documentInputType enabled experimental extraPaths fallback inputType local multimodal "
            + "outputDimensionality query queryInputType rememberAcrossConversations remote sources store sync",
    };

    private static readonly Dictionary<string, string> Notes = new(StringComparer.Ordinal)
    {
        ["agent"] = "is an old section of the original OpenClaw that has no effect here: use agents.defaults",
        ["defaultModel"] = "is an old key of the original OpenClaw that has no effect here: use agents.defaults.model",
        ["memorySearch"] = "is an old section of the original OpenClaw that has no effect here: use memory.search",
        ["agents.defaults.memorySearch"] = "is an old section of the original OpenClaw that has no effect here: use memory.search",
        ["gateway.auth.allowTailscale"] = "has no effect here: let Tailscale Serve be a trusted proxy, with the mode 'trusted-proxy' and "
            + "'tailscale-user-login' as trustedProxy.userHeader",
        ["gateway.tls"] = "has no effect here: this gateway serves plain HTTP, with TLS in front of it",
        ["accessGroups"] = NotEnforced,
        ["approvals"] = NotEnforced,
        ["security"] = NotEnforced,
        ["gateway.roles"] = NotEnforced,
        ["agents.defaults.modelPolicy"] = NotEnforced,
        ["agents.defaults.sandbox"] = NotEnforced,
        ["tools.agentToAgent"] = NotEnforced,
        ["tools.exec"] = NotEnforced,
        ["tools.sandbox"] = NotEnforced,
        ["agents.entries.*.tools.exec"] = NotEnforced,
        ["agents.entries.*.tools.fs"] = NotEnforced,
        ["agents.entries.*.tools.sandbox"] = NotEnforced,
        ["agents.entries.*.tools.toolsBySender"] = NotEnforced,
        ["agents.entries.*.modelPolicy"] = NotEnforced,
        ["agents.entries.*.sandbox"] = NotEnforced,
    };

    /// <summary>What to say about a key, after its path; null when the original does not know it either.</summary>
    /// <param name="section">Pattern of the section, such as <c>agents.entries.*</c>.</param>
    /// <param name="key">The key in that section.</param>
    public static string? NoteOn(string section, string key)
    {
        section = section == "agents.list[]" ? "agents.entries.*" : section;
        if (section.StartsWith("channels", StringComparison.Ordinal) || section.StartsWith("bindings", StringComparison.Ordinal))
        {
            return ForeignChannelKeys.NoteOn(section, key);
        }

        return Known.TryGetValue(section, out var keys) && keys.Split(' ').Contains(key)
            ? Notes.GetValueOrDefault(section.Length == 0 ? key : $"{section}.{key}", NoEffect)
            : null;
    }
}
