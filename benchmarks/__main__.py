"""``python -m benchmarks``: speed, of answers and of the evaluator. The others are run by name."""

import sys

from benchmarks import evaluator, speed

speed.main()
sys.exit(evaluator.main())
