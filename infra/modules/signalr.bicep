// SignalR Service without a server of its own: clients hold their connections there, and what they send comes to the gateway over HTTP.
import { roleIds } from 'role-ids.bicep'

@description('Name of the service.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags object

@description('SKU.')
param skuName string

@description('Units, 1000 connections each.')
param units int

@description('Host name of the function app.')
param hostName string

@description('Application ID URI that tokens for the gateway are made out to. The gateway checks it: it is what proves a call to be SignalR\'s.')
@minLength(10)
param upstreamAudience string

@description('The identity that the service shows to the gateway.')
param identityName string

@description('Browser origins that may connect. Empty: the gateway\'s own.')
param corsOrigins string[]

@description('The gateway\'s identity.')
param principalId string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource signalR 'Microsoft.SignalRService/signalR@2024-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'SignalR'
  sku: { name: skuName, capacity: units }
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    features: [{ flag: 'ServiceMode', value: 'Serverless' }]
    cors: { allowedOrigins: empty(corsOrigins) ? ['https://${hostName}'] : corsOrigins }
    disableAadAuth: false
    disableLocalAuth: true
    publicNetworkAccess: 'Enabled'
    networkACLs: skuName == 'Free_F1' ? null : { defaultAction: 'Deny', publicNetwork: { allow: ['ClientConnection', 'RESTAPI'] } } // none for the free one
    tls: { clientCertEnabled: false }
    upstream: {
      templates: [
        {
          hubPattern: 'openclaw'
          categoryPattern: '*'
          eventPattern: '*'
          urlTemplate: 'https://${hostName}/signalr/upstream/{hub}/{category}/{event}'
          auth: { type: 'ManagedIdentity', managedIdentity: { resource: upstreamAudience } }
        }
      ]
    }
  }
}

resource onSignalR 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: signalR
  name: guid(signalR.id, principalId, roleIds.signalRRestApiOwner)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.signalRRestApiOwner)
  }
}

@description('Name of the service.')
output name string = signalR.name
