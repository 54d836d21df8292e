"""The console's page measured in a real browser, on live nodes: growth over hours, frames."""
