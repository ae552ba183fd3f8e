// The function app on Flex Consumption. It holds no key: storage, secrets and telemetry are reached with its identity.

@description('Name of the app; part of its address.')
@maxLength(60)
param name string

@description('Name of the plan.')
param planName string

@description('Region.')
param location string

@description('Tags.')
param tags object

@description('The user-assigned identity.')
param identityName string

@description('Application Insights.')
param insightsName string

@description('Storage account of the Functions host.')
param hostStorageName string

@description('Storage account of the gateway.')
param dataStorageName string

@description('The vault.')
param vaultName string

@description('Container of the host account that holds the package.')
param packageContainer string

@description('Subnet the app calls out of. Empty: none.')
param subnetId string

@description('Starts the app in a .NET process that the platform keeps warm.')
param usePlaceholder bool

@description('Memory of an instance in MB.')
param instanceMemoryMB int

@description('Most instances at a time.')
param maximumInstanceCount int

@description('HTTP requests that one instance takes before another is started.')
param httpConcurrency int

@description('Instances that are always running.')
param alwaysReadyInstances int

@description('Spreads the plan over availability zones.')
param zoneRedundant bool

@description('Browser origins that may call. The gateway answers preflight requests itself; the platform\'s CORS stays off.')
param corsOrigins string[]

@description('Where callers reach the gateway. Empty: the app\'s own address.')
param publicUrl string

@description('models.providers of the configuration. Empty: the built-in echo model.')
param modelProviders object

@description('Model of the agents. Empty: the first that there is.')
param defaultModel string

@description('Variables that hold secrets, and the names of those in the vault.')
param providerSecretNames object

@description('Name of SignalR Service.')
param signalRName string

@description('Object id of the identity that SignalR Service shows to the gateway.')
param signalRPrincipalId string

@description('Application ID URI that its tokens are made out to.')
param signalRUpstreamAudience string

@description('storage.prefix of the configuration.')
param storagePrefix string

@description('Queue of the queue trigger; the gateway forms the same name from its prefix.')
param wakeUpQueue string

@description('Further configuration by path.')
param gatewaySettings object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: hostStorageName
}

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' existing = {
  name: vaultName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'gateway' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: { minTlsVersion: '1.2', scmMinTlsVersion: '1.2', http20Enabled: true, ftpsState: 'Disabled' }
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostStorage.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyInstances > 0 ? [{ name: 'http', instanceCount: alwaysReadyInstances }] : []
        triggers: { http: { perInstanceConcurrency: httpConcurrency } }
      }
    }
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

// All settings in one place: written in two, each would replace the other's. No key, no connection string, no secret.
resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: union(
    {
      AzureWebJobsStorage__accountName: hostStorageName
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identity.properties.clientId
      DataStorage__accountName: dataStorageName
      DataStorage__credential: 'managedidentity'
      DataStorage__clientId: identity.properties.clientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
      AzureSignalRConnectionString__serviceUri: 'https://${signalRName}.service.signalr.net'
      AzureSignalRConnectionString__credential: 'managedidentity'
      AzureSignalRConnectionString__clientId: identity.properties.clientId
      OPENCLAW__gateway__realtime__upstream__audience: signalRUpstreamAudience
      OPENCLAW__gateway__realtime__upstream__authority: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
      OPENCLAW__gateway__realtime__upstream__identity: signalRPrincipalId
      // The largest body the platform lets in, 210 MiB: the gateway's own limits answer with 413, the host's with 500.
      FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '220200960'
      OPENCLAW_GATEWAY_TOKEN: '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/gateway-token)'
      OPENCLAW__gateway__http__endpoints__chatCompletions__enabled: 'true'
      OPENCLAW__gateway__http__endpoints__responses__enabled: 'true'
      OPENCLAW__gateway__http__endpoints__messages__enabled: 'true'
    },
    toObject(
      items(providerSecretNames),
      secret => secret.key,
      secret => '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/${secret.value})'
    ),
    empty(corsOrigins) ? {} : { OPENCLAW__gateway__http__cors__origins: string(corsOrigins) },
    empty(publicUrl) ? {} : { OPENCLAW__gateway__publicUrl: publicUrl },
    empty(modelProviders) ? {} : { OPENCLAW__models__providers: string(modelProviders) },
    empty(defaultModel) ? {} : { OPENCLAW__agents__defaults__model: defaultModel },
    // Exactly '1'; the platform takes the .NET version from functionAppConfig, and a setting for it would rule the placeholder out.
    usePlaceholder ? { WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED: '1' } : {},
    toObject(items(gatewaySettings), setting => 'OPENCLAW__${setting.key}', setting => string(setting.value)),
    { OPENCLAW__storage__prefix: storagePrefix, OPENCLAW_WAKEUP_QUEUE: wakeUpQueue } // last: gatewaySettings must not part the two
  )
}

@description('Name of the app.')
output name string = app.name

@description('Host name the platform gave it.')
output hostName string = app.properties.defaultHostName
