"""The batch systems that the stand-in can be."""

from __future__ import annotations

from collections.abc import Mapping

from dev.cluster.stand_in.face import Face
from dev.cluster.stand_in.lsf.face import Lsf
from dev.cluster.stand_in.pbspro.face import PbsPro
from dev.cluster.stand_in.torque.face import Torque

FACES: Mapping[str, Face] = {"pbspro": PbsPro(), "torque": Torque(), "lsf": Lsf()}
