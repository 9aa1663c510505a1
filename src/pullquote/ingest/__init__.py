"""Files and addresses -> articles."""
