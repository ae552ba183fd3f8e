// The virtual network of a gateway whose storage has no public address.

@description('Name of the virtual network.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags object

@description('Address range: the first half goes to the app, of the rest a /27 to the private endpoints.')
param addressPrefix string

var storageServices = ['blob', 'queue', 'table']

resource appGuard 'Microsoft.Network/networkSecurityGroups@2026-03-01' = {
  name: 'nsg-${name}-app'
  location: location
  tags: tags
  properties: { securityRules: [] }
}

resource endpointGuard 'Microsoft.Network/networkSecurityGroups@2026-03-01' = {
  name: 'nsg-${name}-endpoints'
  location: location
  tags: tags
  properties: { securityRules: [] }
}

// The subnets belong into it: written apart, a second deployment of the network would take them away first.
resource network 'Microsoft.Network/virtualNetworks@2026-03-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 25, 0)
          networkSecurityGroup: { id: appGuard.id }
          defaultOutboundAccess: true // off by default since API version 2025-07-01; models and channels are outside
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 27, 4)
          networkSecurityGroup: { id: endpointGuard.id }
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }
}

resource storageZone 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for service in storageServices: {
    name: 'privatelink.${service}.${environment().suffixes.storage}'
    location: 'global'
    tags: tags
  }
]

resource storageLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (service, i) in storageServices: {
    parent: storageZone[i]
    name: 'link-${service}'
    location: 'global'
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
]

resource vaultZone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}'
  location: 'global'
  tags: tags
}

resource vaultLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: vaultZone
  name: 'link-vault'
  location: 'global'
  tags: tags
  properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
}

@description('Subnet of the app, delegated to Flex Consumption.')
output appSubnetId string = network.properties.subnets[0].id

@description('Subnet of the private endpoints.')
output endpointSubnetId string = network.properties.subnets[1].id

@description('Private DNS zones of storage by service: blob, queue, table.')
output storageZoneIds object = { blob: storageZone[0].id, queue: storageZone[1].id, table: storageZone[2].id }

@description('Private DNS zone of Key Vault.')
output vaultZoneId string = vaultZone.id
