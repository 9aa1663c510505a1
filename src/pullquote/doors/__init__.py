"""Other ways in: agents, and programs that use LlamaIndex."""
