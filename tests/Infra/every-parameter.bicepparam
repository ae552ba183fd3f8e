// A deployment in which every optional part is there, for the tests: nothing is deployed from it.
using '../../infra/main.bicep'

param environmentName = 'test'
param location = 'westeurope'
param owner = 'tests'
param extraTags = { project: 'tests' }
param signalRUpstreamAudience = 'api://00000000-0000-0000-0000-000000000000'
param deployerPrincipalId = '11111111-1111-1111-1111-111111111111'
param alertEmails = ['owner@example.com']
param budgetStartDate = '2030-01-01'
param zoneRedundant = true
param purgeProtection = true
param lockData = true
param signalRSku = 'Standard_S1'
param corsOrigins = ['https://chat.example.com']
param publicUrl = 'https://gateway.example.com'
param modelProviders = { openai: { apiKey: '\${OPENAI_API_KEY}' } }
param defaultModel = 'openai/gpt-5.2'
param providerSecretNames = { OPENAI_API_KEY: 'openai-api-key' }
param storagePrefix = 'customprefix'
param gatewaySettings = { storage__prefix: 'another', gateway__auth__rateLimit__maxAttempts: 5 }
