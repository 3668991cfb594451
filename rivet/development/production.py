"""A production environment in which every variable is set and nothing can be reached.

For what has to load the production settings but opens no connection: the deployment check, collecting static files.
"""

PRODUCTION = {
    "RIVET_ENVIRONMENT": "production",
    "DATABASE_URL": "postgresql://rivet_app@database.invalid/rivet",
    "DATABASE_OWNER_URL": "postgresql://rivet_owner@database.invalid/rivet",
    "REDIS_URL": "redis://redis.invalid/0",
    "SECRET_KEY": "k7#only-for-the-deployment-check-and-fifty-characters-long-q2",
    "RIVET_VAULT_KEYS": "1:ZGVwbG95bWVudC1jaGVjay1vbmx5LWtleS0wMDAwMDE=",
    "RIVET_BASE_URL": "https://rivet.invalid",
    "ALLOWED_HOSTS": "rivet.invalid",
    "EMAIL_URL": "smtps://mail.invalid",
    "QUICKBOOKS_CLIENT_ID": "id",
    "QUICKBOOKS_CLIENT_SECRET": "secret",
    "QUICKBOOKS_DISCOVERY_URL": "https://discovery.invalid/",
    "QUICKBOOKS_API_URL": "https://quickbooks.invalid",
    "QUICKBOOKS_WEBHOOK_VERIFIER": "verifier",
    "XERO_CLIENT_ID": "id",
    "XERO_CLIENT_SECRET": "secret",
    "XERO_AUTHORIZE_URL": "https://xero.invalid/authorize",
    "XERO_TOKEN_URL": "https://xero.invalid/token",
    "XERO_REVOKE_URL": "https://xero.invalid/revoke",
    "XERO_API_URL": "https://xero.invalid",
    "XERO_WEBHOOK_KEY": "key",
}
