// Mails when the month's costs of the group come near a limit. It stops nothing: maximumInstanceCount does.

@description('USD a month; more than 0.')
param amount int

@description('First day of the month it starts in (yyyy-MM-01).')
param startDate string

@description('Who is told.')
@minLength(1)
param emails string[]

resource budget 'Microsoft.Consumption/budgets@2026-06-01' = {
  name: 'openclaw'
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: startDate }
    notifications: {
      half: { enabled: true, operator: 'GreaterThanOrEqualTo', threshold: 50, thresholdType: 'Actual', contactEmails: emails }
      most: { enabled: true, operator: 'GreaterThanOrEqualTo', threshold: 80, thresholdType: 'Actual', contactEmails: emails }
      all: { enabled: true, operator: 'GreaterThanOrEqualTo', threshold: 100, thresholdType: 'Actual', contactEmails: emails }
      forecast: { enabled: true, operator: 'GreaterThanOrEqualTo', threshold: 100, thresholdType: 'Forecasted', contactEmails: emails }
    }
  }
}
