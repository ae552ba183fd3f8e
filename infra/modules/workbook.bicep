// One page of charts over what the gateway logs.

@description('Region.')
param location string

@description('Tags.')
param tags object

@description('Application Insights.')
param insightsName string

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

var charts = [
  {
    title: 'Requests by function'
    chart: 'timechart'
    query: 'requests | summarize count() by name, bin(timestamp, 5m)'
  }
  {
    title: 'Answers that are errors, by status'
    chart: 'timechart'
    query: 'requests | where toint(resultCode) >= 400 | summarize count() by resultCode, bin(timestamp, 5m)'
  }
  {
    title: 'Duration in ms, p50 and p95 (a stream lasts as long as its answer)'
    chart: 'timechart'
    query: 'requests | summarize percentiles(duration, 50, 95) by bin(timestamp, 5m)'
  }
  {
    title: 'Runs by outcome'
    chart: 'timechart'
    query: 'traces | where message startswith "Run " and message has "ended after" | extend outcome = extract("ms: (\\\\w+)", 1, message) | summarize count() by outcome, bin(timestamp, 5m)'
  }
  {
    title: 'Sessions in conflict (409) and requests limited (429)'
    chart: 'timechart'
    query: 'requests | where resultCode in ("409", "429") | summarize count() by resultCode, bin(timestamp, 5m)'
  }
  {
    title: 'Providers that stumble'
    chart: 'timechart'
    query: 'traces | where message startswith "Provider " | extend provider = extract("Provider (\\\\S+)", 1, message) | summarize count() by provider, bin(timestamp, 5m)'
  }
  {
    title: 'Runs begun again, and given up'
    chart: 'timechart'
    query: 'traces | where message has "(model_replays)" or message has "is given up after" | summarize count() by givenUp = message has "is given up after", bin(timestamp, 15m)'
  }
  {
    title: 'Instances'
    chart: 'timechart'
    query: 'requests | summarize dcount(cloud_RoleInstance) by bin(timestamp, 5m)'
  }
]

var panels = [
  for item in charts: {
    type: 3
    name: item.title
    content: {
      version: 'KqlItem/1.0'
      title: item.title
      query: item.query
      size: 0
      queryType: 0
      resourceType: 'microsoft.insights/components'
      crossComponentResources: [insights.id]
      visualization: item.chart
      timeContext: { durationMs: 86400000 }
    }
    customWidth: '50'
  }
]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'openclaw-workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'OpenClaw gateway'
    category: 'workbook'
    sourceId: insights.id
    version: '1.0'
    serializedData: string({
      version: 'Notebook/1.0'
      items: panels
      fallbackResourceIds: [insights.id]
      '$schema': 'https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json'
    })
  }
}
