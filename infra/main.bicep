// One gateway in one resource group. The scope is the subscription because the group is part of it, as azd expects: `azd up` creates it and
// `azd down` deletes it whole. Everything else is deployed into the group.
targetScope = 'subscription'

@description('Name of this deployment: part of every resource name, and the tag azd finds its resources by.')
@minLength(2)
@maxLength(16)
param environmentName string

@description('Region of all resources. It must offer Flex Consumption: az functionapp list-flexconsumption-locations.')
@metadata({ azd: { type: 'location' } })
param location string

@description('The resource group that is created.')
@maxLength(90)
param resourceGroupName string = 'rg-openclaw-${environmentName}'

@description('Who answers for the costs; goes into the tag owner.')
param owner string = 'unknown'

@description('Further tags of the group and everything in it.')
param extraTags object = {}

@description('Application ID URI of the Entra app registration that SignalR Service requests tokens for, such as api://GUID. infra/README.md has the two commands that make one.')
@minLength(10)
param signalRUpstreamAudience string

@description('Who deploys, and may therefore write the secrets of the vault: an object id. Empty leaves that to somebody who already may.')
param deployerPrincipalId string = ''

@description('What the deployer is.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param deployerPrincipalType string = 'User'

@description('Who hears of alerts and of the budget. Empty: there are neither, nor a probe of availability; together they cost about 27 USD a month.')
param alertEmails string[] = []

@description('USD a month at which the budget is used up. 0: no budget.')
@minValue(0)
param budgetAmount int = 100

@description('First day of the month the budget starts in (yyyy-MM-01). It may not change afterwards, so it is not computed here.')
@minLength(10)
@maxLength(10)
param budgetStartDate string

@description('Starts the app in one of the .NET processes that the platform keeps warm, which shortens a cold start.')
param usePlaceholder bool = true

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Most instances at a time; with the budget the brake on costs.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('HTTP requests that one instance takes before another is started. Streams wait more than they work.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 100

@description('Instances that are always running: none, or at least two, since one alone is drained about every hour.')
@allowed([0, 2, 3, 4, 5, 6, 8, 10])
param alwaysReadyInstances int = 0

@description('Spreads the plan over availability zones and replicates storage between them. Needs a region with zones.')
param zoneRedundant bool = false

@description('Reaches storage over private endpoints from a virtual network, and closes its public address.')
param privateNetworking bool = false

@description('With private networking: closes the public address of the vault too. Only where Key Vault references work over the network.')
param privateVault bool = false

@description('Address range of the virtual network; a /24 or larger.')
param addressPrefix string = '10.40.0.0/24'

@description('Keeps deleted secrets from being purged. It cannot be switched off again.')
param purgeProtection bool = false

@description('Keeps the data account from being deleted by mistake.')
param lockData bool = false

@description('SKU of SignalR Service. Free_F1: 20 connections.')
@allowed(['Free_F1', 'Standard_S1', 'Premium_P1'])
param signalRSku string = 'Free_F1'

@description('Units of SignalR Service, 1000 connections each; 1 with Free_F1.')
@allowed([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
param signalRUnits int = 1

@description('Browser origins that may call the gateway and connect to SignalR. Empty: none.')
param corsOrigins string[] = []

@description('Where callers reach the gateway, when that is not the address the platform gives it.')
param publicUrl string = ''

@description('models.providers of the configuration, as in openclaw.sample.json; \${NAME} inserts a secret named in providerSecretNames. Empty: the built-in echo model.')
param modelProviders object = {}

@description('Model of the agents: provider/model. Empty: the first that there is.')
param defaultModel string = ''

@description('Secrets that the configuration refers to: the name of the variable, and the name of the secret in the vault.')
param providerSecretNames object = {}

@description('storage.prefix of the configuration: begins the names of tables, containers and queues. 3 to 20 lower-case letters and digits.')
@minLength(3)
@maxLength(20)
param storagePrefix string = 'openclaw'

@description('Further configuration: a path of keys joined by two underscores, without the leading OPENCLAW__, and its value.')
param gatewaySettings object = {}

@description('Days that logs are kept. Beyond 31 they are paid for.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('GB of logs a day after which no more are taken. -1: no limit.')
param logDailyCapGb int = 2

var tags = union(extraTags, { 'azd-env-name': environmentName, env: environmentName, owner: owner, app: 'openclaw' })
var wakeUpQueue = '${storagePrefix}-wakeups'
var suffix = uniqueString(subscription().id, resourceGroupName, environmentName)
var names = {
  identity: 'id-openclaw-${environmentName}'
  signalRIdentity: 'id-openclaw-signalr-${environmentName}'
  app: 'func-openclaw-${environmentName}-${take(suffix, 6)}'
  plan: 'plan-openclaw-${environmentName}'
  hostStorage: 'sthost${suffix}'
  dataStorage: 'stdata${suffix}'
  vault: 'kv-${suffix}'
  signalR: 'sigr-openclaw-${environmentName}-${take(suffix, 6)}'
  logs: 'log-openclaw-${environmentName}'
  insights: 'appi-openclaw-${environmentName}'
  network: 'vnet-openclaw-${environmentName}'
}

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: { name: names.identity, location: location, tags: tags }
}

// What SignalR shows to the gateway. An identity of its own, so that the gateway knows it before the service is there.
module signalRIdentity 'modules/identity.bicep' = {
  scope: group
  params: { name: names.signalRIdentity, location: location, tags: tags }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  scope: group
  params: { name: names.network, location: location, tags: tags, addressPrefix: addressPrefix }
}

// What the Functions host keeps: its leases, its keys, and the package.
module hostStorage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: names.hostStorage
    location: location
    tags: tags
    containers: ['packages']
    zoneRedundant: zoneRedundant
    privateEndpointSubnetId: privateNetworking ? network!.outputs.endpointSubnetId : ''
    privateDnsZoneIds: privateNetworking ? network!.outputs.storageZoneIds : {}
  }
}

// What the gateway keeps: sessions, responses, keys, media. It makes its tables and containers itself; the queue trigger expects its queue,
// and moves messages that fail five times to the second one.
module dataStorage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: names.dataStorage
    location: location
    tags: tags
    queues: [wakeUpQueue, '${wakeUpQueue}-poison']
    deleteRetentionDays: 7
    expiringPrefix: '${storagePrefix}-media/'
    zoneRedundant: zoneRedundant
    isLocked: lockData
    privateEndpointSubnetId: privateNetworking ? network!.outputs.endpointSubnetId : ''
    privateDnsZoneIds: privateNetworking ? network!.outputs.storageZoneIds : {}
  }
}

module vault 'modules/keyvault.bicep' = {
  scope: group
  params: {
    name: names.vault
    location: location
    tags: tags
    purgeProtection: purgeProtection
    privateEndpointSubnetId: privateNetworking && privateVault ? network!.outputs.endpointSubnetId : ''
    privateDnsZoneId: privateNetworking && privateVault ? network!.outputs.vaultZoneId : ''
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: names.logs
    insightsName: names.insights
    location: location
    tags: tags
    retentionDays: logRetentionDays
    dailyCapGb: logDailyCapGb
  }
}

module roles 'modules/roles.bicep' = {
  scope: group
  params: {
    principalId: identity.outputs.principalId
    deployerPrincipalId: deployerPrincipalId
    deployerPrincipalType: deployerPrincipalType
    hostStorageName: hostStorage.outputs.name
    dataStorageName: dataStorage.outputs.name
    vaultName: vault.outputs.name
    insightsName: monitoring.outputs.insightsName
  }
}

module app 'modules/function.bicep' = {
  scope: group
  dependsOn: [roles] // the package and the secrets are read as soon as the app is there
  params: {
    name: names.app
    planName: names.plan
    location: location
    tags: tags
    identityName: identity.outputs.name
    insightsName: monitoring.outputs.insightsName
    hostStorageName: hostStorage.outputs.name
    dataStorageName: dataStorage.outputs.name
    vaultName: vault.outputs.name
    packageContainer: 'packages'
    subnetId: privateNetworking ? network!.outputs.appSubnetId : ''
    usePlaceholder: usePlaceholder
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    httpConcurrency: httpConcurrency
    alwaysReadyInstances: alwaysReadyInstances
    zoneRedundant: zoneRedundant
    corsOrigins: corsOrigins
    publicUrl: publicUrl
    modelProviders: modelProviders
    defaultModel: defaultModel
    providerSecretNames: providerSecretNames
    signalRName: names.signalR
    signalRPrincipalId: signalRIdentity.outputs.principalId
    signalRUpstreamAudience: signalRUpstreamAudience
    storagePrefix: storagePrefix
    wakeUpQueue: wakeUpQueue
    gatewaySettings: gatewaySettings
  }
}

module signalR 'modules/signalr.bicep' = {
  scope: group
  params: {
    name: names.signalR
    location: location
    tags: tags
    skuName: signalRSku
    units: signalRUnits
    hostName: app.outputs.hostName
    upstreamAudience: signalRUpstreamAudience
    identityName: signalRIdentity.outputs.name
    corsOrigins: corsOrigins
    principalId: identity.outputs.principalId
  }
}

module alerts 'modules/alerts.bicep' = if (!empty(alertEmails)) {
  scope: group
  params: {
    location: location
    tags: tags
    emails: alertEmails
    appName: app.outputs.name
    hostName: app.outputs.hostName
    dataStorageName: dataStorage.outputs.name
    signalRName: signalR.outputs.name
    insightsName: monitoring.outputs.insightsName
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
  }
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  params: { location: location, tags: tags, insightsName: monitoring.outputs.insightsName }
}

module budget 'modules/budget.bicep' = if (budgetAmount > 0 && !empty(alertEmails)) {
  scope: group
  params: { amount: budgetAmount, startDate: budgetStartDate, emails: alertEmails }
}

@description('The resource group.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app.')
output GATEWAY_NAME string = app.outputs.name

@description('Where the gateway answers.')
output GATEWAY_URL string = empty(publicUrl) ? 'https://${app.outputs.hostName}' : publicUrl

@description('Name of the vault that holds the gateway\'s secrets.')
output KEY_VAULT_NAME string = vault.outputs.name

@description('The identity of the gateway, for granting it more: a model deployment, for example.')
output GATEWAY_PRINCIPAL_ID string = identity.outputs.principalId
