using OpenClaw.Configuration;
using OpenClaw.Functions;

var app = GatewayApplication.Build(new GatewayConfigStore(new GatewayConfig()), kestrel => kestrel.ListenLocalhost(18789));
await app.RunAsync();
return 0;
