// An identity, of the gateway or of SignalR Service. User-assigned: it has its roles before its resource exists, and outlives it.

@description('Name of the identity.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Name of the identity.')
output name string = identity.name

@description('What roles are given to.')
output principalId string = identity.properties.principalId
