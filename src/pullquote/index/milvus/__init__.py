"""An index in Milvus: for more articles, or more servers, than one machine holds."""
