"""What can be timed, and the turns that it is timed in."""
import gc
import itertools
import math
import time
from dataclasses import dataclass
from typing import Callable


@dataclass
class Contender:
    """One way of a peer to compute a layer. `name` is <peer>/<way>; `turn(seconds)` gives the seconds of one call, from
    calls that take about that long."""
    name: str
    turn: Callable[[float], float]

    @property
    def peer(self):
        return self.name.split("/")[0]


@dataclass
class Way:
    """The same of a peer in this process, whose function `ways` gives functions that make them, by name: a call, and the
    output of the last one as an array in the layer's memory order."""
    call: Callable[[], object]
    output: Callable[[], object]

    def contender(self, name):
        return Contender(name, lambda seconds: turn(self.call, seconds))


def turn(call, seconds):
    """As conv1d_peers_worker does it: the first call, which brings the caches back, counts only if it is quicker."""
    wait_until_idle()
    gc.disable()
    first = seconds_of(call, 1)
    rest = seconds_of(call, min(100000, math.ceil(seconds / first)))
    gc.enable()
    wait_until_idle()
    return min(first, rest)


def seconds_of(call, calls):
    start = time.perf_counter()
    for _ in itertools.repeat(None, calls):
        call()
    return (time.perf_counter() - start) / calls


def wait_until_idle():
    """Returns when this process's threads, which peers let wait for work awake, sleep, or after 0.2 s."""
    for _ in range(200):
        before = time.process_time()
        time.sleep(0.001)
        if time.process_time() - before < 2e-4:
            return


def least_seconds(contenders, rounds, seconds):
    """The least seconds of one call of each, all taking turns in every round. Who is far behind after a few rounds
    takes no more turns."""
    least = {contender.name: math.inf for contender in contenders}
    for count in range(rounds):
        for contender in contenders:
            if count < 3 or not is_behind(contender, least):
                least[contender.name] = min(least[contender.name], contender.turn(seconds))
    return least


def is_behind(contender, least):
    """Half as long again as the same peer's quickest way, or four times as long as ours."""
    same_peer = min(time for name, time in least.items() if name.split("/")[0] == contender.peer)
    return least[contender.name] > 1.5 * same_peer or least[contender.name] > 4 * least.get("ours", math.inf)
