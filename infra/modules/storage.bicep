// One storage account that is reached with identities only.

@description('Name of the account.')
@minLength(3)
@maxLength(24)
param name string

@description('Region.')
param location string

@description('Tags.')
param tags object

@description('Blob containers to create.')
param containers string[] = []

@description('Queues to create.')
param queues string[] = []

@description('Days that deleted blobs and containers can be brought back. Absent: not at all.')
@minValue(1)
@maxValue(365)
param deleteRetentionDays int?

@description('Blobs whose path begins with this are deleted eight days after they were made. It stands behind the gateway\'s own expiry, which is exact. Empty: no rule.')
param expiringPrefix string = ''

@description('Keeps copies in three zones instead of one.')
param zoneRedundant bool

@description('Refuses the deletion of the account.')
param isLocked bool = false

@description('Subnet of the private endpoints. Empty: the public address stays open, for identities with a role.')
param privateEndpointSubnetId string

@description('Private DNS zones by service: blob, queue, table.')
param privateDnsZoneIds object

var isPrivate = !empty(privateEndpointSubnetId)
var retention = deleteRetentionDays == null ? { enabled: false } : { enabled: true, days: deleteRetentionDays }

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: { bypass: 'None', defaultAction: isPrivate ? 'Deny' : 'Allow' }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2026-06-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: retention
    containerDeleteRetentionPolicy: retention
  }
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' = [
  for containerName in containers: {
    parent: blobs
    name: containerName
    properties: { publicAccess: 'None' }
  }
]

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2026-06-01' = if (!empty(queues)) {
  parent: account
  name: 'default'
}

resource queue 'Microsoft.Storage/storageAccounts/queueServices/queues@2026-06-01' = [
  for queueName in queues: {
    parent: queueService
    name: queueName
  }
]

resource expiry 'Microsoft.Storage/storageAccounts/managementPolicies@2026-06-01' = if (!empty(expiringPrefix)) {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'expire-media'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: [expiringPrefix] }
            // Behind the gateway's own sweep: later than gateway.http.media.maxTtlSeconds, a week.
            actions: { baseBlob: { delete: { daysAfterCreationGreaterThan: 8 } } }
          }
        }
      ]
    }
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (isLocked) {
  scope: account
  name: 'keep'
  properties: { level: 'CanNotDelete', notes: 'Holds the sessions. Delete this lock first.' }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2026-03-01' = [
  for service in (isPrivate ? ['blob', 'queue', 'table'] : []): {
    name: 'pe-${name}-${service}'
    location: location
    tags: tags
    properties: {
      subnet: { id: privateEndpointSubnetId }
      privateLinkServiceConnections: [{ name: service, properties: { privateLinkServiceId: account.id, groupIds: [service] } }]
    }
  }
]

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2026-03-01' = [
  for (service, i) in (isPrivate ? ['blob', 'queue', 'table'] : []): {
    parent: endpoint[i]
    name: 'default'
    properties: { privateDnsZoneConfigs: [{ name: service, properties: { privateDnsZoneId: privateDnsZoneIds[service] } }] }
  }
]

@description('Name of the account.')
output name string = account.name
