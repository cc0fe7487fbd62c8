"""An MCP server: the functions for language models, for any client that speaks the Model Context Protocol."""
