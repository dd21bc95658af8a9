"""The load of other programs on the machine, from /proc/stat."""
import os
import time

TICKS = os.sysconf("SC_CLK_TCK")


def busy_seconds(stat):
    """Of all processors since the machine started, from the text of /proc/stat: all but idle and waiting for a disk."""
    user, nice, system, idle, wait, interrupt, soft_interrupt, stolen = map(int, stat.split()[1:9])
    return (user + nice + system + interrupt + soft_interrupt + stolen) / TICKS


class OtherLoad:
    """Processors kept busy by others than this process and those given, between two calls of `sample`."""

    def __init__(self, processes):
        self.processes = processes
        self.samples = []
        self.last = self._now()

    def sample(self):
        now = self._now()
        passed = now[0] - self.last[0]
        others = max(0.0, (now[1] - self.last[1]) - (now[2] - self.last[2]))
        self.last = now
        self.samples.append(others / passed)
        return self.samples[-1]

    def _now(self):
        with open("/proc/stat") as file:
            busy = busy_seconds(file.readline())
        own = time.process_time() + sum(time.clock_gettime(clock_of(process)) for process in self.processes)
        return time.monotonic(), busy, own


def clock_of(process):
    """The number of the processor-time clock of another process."""
    return (~process << 3) | 2
