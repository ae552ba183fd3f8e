// For azd: what it knows and what the hook before provisioning has found out (infra/hooks/preprovision) comes from its environment.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param signalRUpstreamAudience = readEnvironmentVariable('SIGNALR_UPSTREAM_AUDIENCE')
param budgetStartDate = readEnvironmentVariable('BUDGET_START_DATE')
param deployerPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param deployerPrincipalType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User')
param owner = readEnvironmentVariable('OWNER', 'unknown')
param alertEmails = empty(readEnvironmentVariable('ALERT_EMAILS', '')) ? [] : split(readEnvironmentVariable('ALERT_EMAILS', ''), ',')
