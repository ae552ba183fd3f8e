// The vault of the gateway's secrets. It is made empty: secrets are written into it directly and pass through no deployment.

@description('Name of the vault.')
@minLength(3)
@maxLength(24)
param name string

@description('Region.')
param location string

@description('Tags.')
param tags object

@description('Keeps deleted secrets from being purged.')
param purgeProtection bool

@description('Subnet of the private endpoint. Empty: the public address stays open, for identities with a role.')
param privateEndpointSubnetId string

@description('Private DNS zone of Key Vault; only with a private endpoint.')
param privateDnsZoneId string

var isPrivate = !empty(privateEndpointSubnetId)

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: purgeProtection ? 90 : 7
    enablePurgeProtection: purgeProtection ? true : null // false is refused
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: { bypass: 'AzureServices', defaultAction: isPrivate ? 'Deny' : 'Allow' }
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2026-03-01' = if (isPrivate) {
  name: 'pe-${name}'
  location: location
  tags: tags
  properties: {
    subnet: { id: privateEndpointSubnetId }
    privateLinkServiceConnections: [{ name: 'vault', properties: { privateLinkServiceId: vault.id, groupIds: ['vault'] } }]
  }
}

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2026-03-01' = if (isPrivate) {
  parent: endpoint
  name: 'default'
  properties: { privateDnsZoneConfigs: [{ name: 'vault', properties: { privateDnsZoneId: privateDnsZoneId } }] }
}

@description('Name of the vault.')
output name string = vault.name
