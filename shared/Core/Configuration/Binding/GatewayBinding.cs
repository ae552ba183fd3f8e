using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration.Binding;

/// <summary>The <c>gateway</c> section except <c>gateway.http</c>.</summary>
internal static class GatewayBinding
{
    private const int MostMilliseconds = 86_400_000;

    private static readonly TextForm BindForm = new(
        "'loopback', 'lan' or an IP address",
        text => text is "loopback" or "lan" or "auto" or "tailnet" or "custom" or "localhost" || TextForm.IsAddress(text));

    public static GatewaySection Read(SectionReader reader)
    {
        var origin = reader.Text("publicOrigin", TextForm.BaseUrl); // the original's name
        var section = new GatewaySection
        {
            Port = (int?)reader.OptionalWhole("port", 1, 65_535),
            Bind = Bind(reader),
            PublicUrl = reader.Text("publicUrl", TextForm.BaseUrl) ?? origin,
            TrustedProxies = reader.Texts("trustedProxies", [], TextForm.AddressOrRange),
            Http = reader.Section("http", HttpBinding.Read),
            Auth = reader.Section("auth", Auth),
            Realtime = reader.Section("realtime", Realtime),
            Webhooks = reader.Section("webhooks", ChannelsBinding.Webhooks),
            Tools = reader.Section("tools", ToolsBinding.ReadOfGateway),
        };
        section.Auth.Token = FlatSpelling(reader, "authToken", "token", section.Auth.Token);
        section.Auth.Password = FlatSpelling(reader, "password", "password", section.Auth.Password);
        CheckAuth(reader, section);
        return section;
    }

    /// <summary>The original's words for interfaces that only it can tell apart mean the loopback address here.</summary>
    private static string Bind(SectionReader reader)
    {
        var customHost = reader.Text("customBindHost", BindForm);
        switch (reader.Text("bind", BindForm))
        {
            case null or "loopback" or "localhost":
                return "loopback";
            case "auto" or "tailnet":
                reader.Warn("bind", "is treated as 'loopback' here");
                return "loopback";
            case "custom" when customHost is null:
                reader.Error("bind", "is 'custom', which needs gateway.customBindHost");
                return "loopback";
            case "custom":
                return customHost;
            case var other:
                return other;
        }
    }

    /// <summary>Reads an alias of a key in <c>gateway.auth</c> (D10): it stands in for the key, and may not contradict it.</summary>
    private static string? FlatSpelling(SectionReader reader, string flat, string nested, string? value)
    {
        if (reader.Secret(flat) is not { } alias)
        {
            return value;
        }

        reader.Warn(flat, $"is deprecated: write gateway.auth.{nested}");
        if (value is null || value == alias)
        {
            return alias;
        }

        // A variable overrides the file, whichever way the file spells the key.
        if (reader.VariableOf("auth", nested) is null)
        {
            reader.Error(flat, $"and gateway.auth.{nested} are both set, to different values");
        }

        return value;
    }

    private static AuthSection Auth(SectionReader reader)
    {
        var trustedProxy = reader.OptionalSection("trustedProxy", TrustedProxy);
        if (Scopes(reader) is { Count: > 0 } scopes)
        {
            trustedProxy ??= new TrustedProxySection();
            if (trustedProxy.IdentityScopes.Count > 0)
            {
                reader.Error("identityScopes", "is set here and in gateway.auth.trustedProxy: keep one");
            }

            trustedProxy.IdentityScopes = scopes;
        }

        return new AuthSection
        {
            Mode = reader.Choice("mode", "token", "password", "trusted-proxy", "none"),
            Token = reader.Secret("token"),
            Password = reader.Secret("password"),
            Pairing = reader.Choice("pairing", "auto", "required") ?? "auto",
            TrustedProxy = trustedProxy,
            RateLimit = reader.Section("rateLimit", RateLimit),
        };
    }

    private static TrustedProxySection TrustedProxy(SectionReader reader) => new()
    {
        UserHeader = reader.Text("userHeader", TextForm.HeaderName),
        RequiredHeaders = reader.Texts("requiredHeaders", [], TextForm.HeaderName),
        AllowUsers = reader.Texts("allowUsers", [], TextForm.NotBlank),
        AllowLoopback = reader.Flag("allowLoopback", false),
        SecretHeader = reader.Text("secretHeader", TextForm.HeaderName),
        Secret = reader.Secret("secret"),
        IdentityScopes = Scopes(reader),
        DefaultScopes = reader.OptionalTexts("defaultScopes", TextForm.ScopeName),
    };

    private static Dictionary<string, IReadOnlyList<string>> Scopes(SectionReader reader) =>
        reader.MapOfTexts("identityScopes", TextForm.NotBlank, TextForm.ScopeName);

    private static AuthRateLimitSection RateLimit(SectionReader reader)
    {
        var section = new AuthRateLimitSection();
        section.MaxAttempts = reader.Whole("maxAttempts", section.MaxAttempts, 1, 1_000_000);
        section.WindowMs = reader.Whole("windowMs", section.WindowMs, 1, MostMilliseconds);
        section.LockoutMs = reader.Whole("lockoutMs", section.LockoutMs, 1, MostMilliseconds);
        section.ExemptLoopback = reader.Flag("exemptLoopback", section.ExemptLoopback);
        return section;
    }

    private static RealtimeSection Realtime(SectionReader reader)
    {
        var section = new RealtimeSection { Upstream = reader.Section("upstream", Upstream) };
        section.MaxConnectionsPerCaller = reader.Whole("maxConnectionsPerCaller", section.MaxConnectionsPerCaller, 1, 1_000_000);
        section.MaxBufferedBytes = reader.Whole("maxBufferedBytes", section.MaxBufferedBytes, 64 * 1024, 1024 * 1024 * 1024);
        return section;
    }

    private static UpstreamSection Upstream(SectionReader reader)
    {
        var section = new UpstreamSection
        {
            Secret = reader.Secret("secret"),
            Audience = reader.Text("audience", TextForm.NotBlank),
            Authority = reader.Text("authority", TextForm.BaseUrl),
            Identity = reader.Text("identity", TextForm.NotBlank),
        };
        if (section.Audience is not null != (section.Authority is not null && section.Identity is not null))
        {
            reader.Error("audience", "needs authority and identity beside it, and they need it");
        }

        return section;
    }

    private static void CheckAuth(SectionReader reader, GatewaySection section)
    {
        var auth = section.Auth;
        var proxy = auth.TrustedProxy;
        if (auth is { Mode: null, Token: not null, Password: not null })
        {
            reader.Error("auth", "has a token and a password: set gateway.auth.mode to 'token' or 'password'");
        }

        if (proxy is not null && proxy.SecretHeader is null != proxy.Secret is null)
        {
            reader.Error("auth", "needs trustedProxy.secretHeader and trustedProxy.secret together");
        }

        if (auth.Mode == "trusted-proxy" && (proxy?.UserHeader is null || (section.TrustedProxies.Count == 0 && proxy.Secret is null)))
        {
            reader.Error("auth",
                "in mode 'trusted-proxy' needs trustedProxy.userHeader, and gateway.trustedProxies or trustedProxy.secret");
        }
    }
}
