// Two instances always ready, in three zones, with private storage, and nothing deleted by mistake.
using 'main.bicep'

param environmentName = 'prod'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param signalRUpstreamAudience = readEnvironmentVariable('SIGNALR_UPSTREAM_AUDIENCE')
param budgetStartDate = readEnvironmentVariable('BUDGET_START_DATE')
param deployerPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param deployerPrincipalType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User')
param owner = readEnvironmentVariable('OWNER')
param alertEmails = split(readEnvironmentVariable('ALERT_EMAILS'), ',')
param budgetAmount = 500
param maximumInstanceCount = 100
param alwaysReadyInstances = 2
param zoneRedundant = true
param privateNetworking = true
param purgeProtection = true
param lockData = true
param signalRSku = 'Standard_S1'
param logRetentionDays = 90
param logDailyCapGb = 10
// param modelProviders = { openai: { apiKey: '\${OPENAI_API_KEY}' } }
// param providerSecretNames = { OPENAI_API_KEY: 'openai-api-key' }
// param defaultModel = 'openai/gpt-5.2'
