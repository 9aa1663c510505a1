"""Imports OpenVINO, which runs the networks, with its telemetry turned off.

``import openvino`` sends an event over the network if it can import ``openvino_telemetry``, one of
its dependencies. So every module imports OpenVINO from here.
"""

import sys

sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

import openvino  # noqa: E402

__all__ = ["openvino"]
