"""Other interfaces: MCP tools for agents, and LlamaIndex classes."""
