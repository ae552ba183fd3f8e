// Cheap, and gone without a trace: scales to zero, free SignalR, nothing locked.
using 'main.bicep'

param environmentName = 'dev'
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param signalRUpstreamAudience = readEnvironmentVariable('SIGNALR_UPSTREAM_AUDIENCE')
param budgetStartDate = readEnvironmentVariable('BUDGET_START_DATE')
param deployerPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param deployerPrincipalType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User')
param owner = readEnvironmentVariable('OWNER', 'unknown')
param budgetAmount = 30
param maximumInstanceCount = 40
param logDailyCapGb = 1
