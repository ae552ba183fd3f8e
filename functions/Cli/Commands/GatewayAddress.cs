using OpenClaw.Functions.Hosts.SelfHost;

namespace OpenClaw.Functions.Cli.Commands;

/// <summary>Where a running gateway is, and what it takes as proof.</summary>
internal sealed record GatewayAddress(string? ConfigPath, string? Url, string? Token)
{
    /// <summary>Null when it is not known; the reason is written to <paramref name="errors"/>. A secret of the configuration is not sent to
    /// another address than this machine's.</summary>
    public (Uri Address, string? Token)? Find(TextWriter errors)
    {
        if (Url is not null)
        {
            if (Uri.TryCreate(Url, UriKind.Absolute, out var given) && given.Scheme is "http" or "https" && Token is not null)
            {
                return (given, Token);
            }

            errors.WriteLine("--url takes an http or https address, and needs --token.");
            return null;
        }

        if (ConfigCheck.Load(ConfigPath, errors).Config is not { } config)
        {
            return null;
        }

        var port = SelfHostOptions.ChoosePort(null, config);
        var address = new Uri(FormattableString.Invariant($"http://127.0.0.1:{port}"));
        return (address, Token ?? config.Gateway.Auth.Token ?? config.Gateway.Auth.Password);
    }
}
