"""Makes the reader that Pullquote ships: from question-answering data to a small ONNX file."""
