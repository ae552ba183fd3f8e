// What somebody should look at. infra/RUNBOOK.md says for each what to do; a test compares the names, and the log lines with the source.

@description('Region.')
param location string

@description('Tags.')
param tags object

@description('Who is told.')
@minLength(1)
param emails string[]

@description('The function app.')
param appName string

@description('Its host name.')
param hostName string

@description('Storage account of the gateway.')
param dataStorageName string

@description('SignalR Service.')
param signalRName string

@description('Application Insights.')
param insightsName string

@description('Memory of an instance in MB.')
param instanceMemoryMB int

@description('Most instances at a time.')
param maximumInstanceCount int

var probes = ['us-va-ash-azr', 'emea-nl-ams-azr', 'apac-sg-sin-azr']

var logAlerts = [
  {
    name: 'openclaw-server-errors'
    description: 'More than one in a hundred requests is answered with 5xx.'
    severity: 2
    window: 'PT5M'
    threshold: 0
    query: '''
requests
| where name != 'Readyz'
| summarize total = count(), failed = countif(toint(resultCode) >= 500)
| where total >= 20 and failed * 100.0 / total > 1
'''
  }
  {
    name: 'openclaw-unexpected-failures'
    description: 'A request met a bug: the log line has the stack.'
    severity: 2
    window: 'PT5M'
    threshold: 0
    query: '''
traces
| where message startswith 'Unexpected failure in ' or message has 'failed unexpectedly'
'''
  }
  {
    name: 'openclaw-runs-given-up'
    description: 'A durable run has failed five attempts and is marked failed.'
    severity: 2
    window: 'PT15M'
    threshold: 0
    query: '''
traces
| where message has 'is given up after'
'''
  }
  {
    name: 'openclaw-runs-replayed'
    description: 'Runs are begun again after instances that died under them: models are called, and paid, twice.'
    severity: 3
    window: 'PT1H'
    threshold: 5
    query: '''
traces
| where message has '(model_replays)'
'''
  }
  {
    name: 'openclaw-storage-not-answering'
    description: 'The gateway does not reach its storage: stored runs fail, limits and budgets hold for each instance alone.'
    severity: 1
    window: 'PT5M'
    threshold: 3
    query: '''
traces
| where message has 'storage does not answer' or message startswith 'Storage failed at step '
'''
  }
  {
    name: 'openclaw-provider-failing'
    description: 'A model provider answers with errors, or not at all.'
    severity: 2
    window: 'PT10M'
    threshold: 20
    query: '''
traces
| where message startswith 'Provider ' and (message has 'answered' or message has 'did not answer' or message has 'sent an error')
'''
  }
  {
    name: 'openclaw-provider-identity'
    description: 'The gateway gets no token for a provider that it reaches with its identity.'
    severity: 1
    window: 'PT5M'
    threshold: 0
    query: '''
traces
| where message startswith 'No access token for provider '
'''
  }
  {
    name: 'openclaw-callers-refused'
    description: 'Many requests come with wrong credentials: somebody guesses, or a client lost its key.'
    severity: 3
    window: 'PT5M'
    threshold: 50
    query: '''
requests
| where resultCode == '401'
'''
  }
]

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: appName
}

resource dataStorage 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: dataStorageName
}

resource signalR 'Microsoft.SignalRService/signalR@2024-03-01' existing = {
  name: signalRName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

var metricAlerts = [
  {
    name: 'openclaw-instances-near-limit'
    description: 'Nearly as many instances run as may: requests will wait.'
    severity: 2
    scope: app.id
    namespace: 'Microsoft.Web/sites'
    metric: 'InstanceCount'
    aggregation: 'Maximum'
    operator: 'GreaterThanOrEqual'
    threshold: (maximumInstanceCount * 8 + 9) / 10
  }
  {
    name: 'openclaw-memory-high'
    description: 'Instances use more than 85 % of their memory.'
    severity: 3
    scope: app.id
    namespace: 'Microsoft.Web/sites'
    metric: 'AverageMemoryWorkingSet'
    aggregation: 'Average'
    operator: 'GreaterThan'
    threshold: instanceMemoryMB * 1048576 / 100 * 85
  }
  {
    name: 'openclaw-storage-availability'
    description: 'Storage itself reports failures.'
    severity: 1
    scope: dataStorage.id
    namespace: 'Microsoft.Storage/storageAccounts'
    metric: 'Availability'
    aggregation: 'Average'
    operator: 'LessThan'
    threshold: 99
  }
  {
    name: 'openclaw-signalr-quota'
    description: 'SignalR Service is at 80 % of its connections: add units.'
    severity: 3
    scope: signalR.id
    namespace: 'Microsoft.SignalRService/SignalR'
    metric: 'ConnectionQuotaUtilization'
    aggregation: 'Maximum'
    operator: 'GreaterThan'
    threshold: 80
  }
]

resource team 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-openclaw'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'openclaw'
    emailReceivers: [for (email, i) in emails: { name: 'mail-${i}', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource availability 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'openclaw-readyz'
  location: location
  tags: union(tags, { 'hidden-link:${insights.id}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: 'openclaw-readyz'
    Name: 'openclaw-readyz'
    Enabled: true
    Frequency: 300
    Timeout: 30
    Kind: 'standard'
    RetryEnabled: true
    Locations: [for probe in probes: { Id: probe }]
    Request: { RequestUrl: 'https://${hostName}/readyz', HttpVerb: 'GET', ParseDependentRequests: false, FollowRedirects: false }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 7 }
  }
}

resource unavailable 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: 'openclaw-unavailable'
  location: 'global'
  tags: tags
  properties: {
    description: 'The gateway is not ready, seen from at least two of three places.'
    severity: 1
    enabled: true
    scopes: [availability.id, insights.id]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: availability.id
      componentId: insights.id
      failedLocationCount: 2
    }
    actions: [{ actionGroupId: team.id }]
  }
}

resource onMetric 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for alert in metricAlerts: {
    name: alert.name
    location: 'global'
    tags: tags
    properties: {
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [alert.scope]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: alert.metric
            criterionType: 'StaticThresholdCriterion'
            metricNamespace: alert.namespace
            metricName: alert.metric
            timeAggregation: alert.aggregation
            operator: alert.operator
            threshold: alert.threshold
          }
        ]
      }
      actions: [{ actionGroupId: team.id }]
    }
  }
]

resource onLog 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for alert in logAlerts: {
    name: alert.name
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.name
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [insights.id]
      evaluationFrequency: alert.window == 'PT1H' ? 'PT15M' : 'PT5M'
      windowSize: alert.window
      autoMitigate: true
      skipQueryValidation: true // the tables are not there before the first telemetry
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: alert.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [team.id] }
    }
  }
]
