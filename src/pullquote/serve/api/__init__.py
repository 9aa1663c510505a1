"""The HTTP API: routes, request and response schemas, access control and limits."""
