"""``python -m benchmarks``: speed. Quality and large indexes have commands of their own."""

from benchmarks import speed

speed.main()
