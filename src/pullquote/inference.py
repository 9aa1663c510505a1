"""OpenVINO, which runs the networks: the first importer, for its package would report to its maker.

``import openvino`` sends an event over the web wherever ``openvino_telemetry`` is installed, which
it depends on. Where that cannot be imported it goes without.
"""

import sys

sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

import openvino  # noqa: E402

__all__ = ["openvino"]
