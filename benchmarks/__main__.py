"""``python -m benchmarks`` measures the speed of answers and of the evaluator.

The other benchmarks are run by name.
"""

import sys

from benchmarks import evaluator, speed

speed.main()
sys.exit(evaluator.main())
