"""Two programs that take turns, each timing itself, and what is printed of them."""

import json
import statistics
import subprocess
import time

PAUSE = 0.1  # seconds between turns: both sides' waiting threads spin for a moment before they sleep


class Program:
    """A benchmark program started with --serve: it does one run for each line it gets and answers with its seconds."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([*arguments, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def __call__(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"{self.process.args[0]} ended early")
        return float(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def timed(function):
    """A callable that runs the function and returns its seconds."""
    def run():
        start = time.perf_counter()
        function()
        return time.perf_counter() - start
    return run


def alternate(sides, runs):
    """{name: callable} -> {name: [seconds of each run]}; one round without counting comes first."""
    times = {name: [] for name in sides}
    for i in range(runs + 1):
        for name, side in sides.items():
            time.sleep(PAUSE)
            seconds = side()
            if i > 0:
                times[name].append(seconds)
    return times


def report(bench, title, times, labels, ratio, wanted=None, extra=None, path=None):
    """Prints medians and the ratio of the medians of two of them; appends a line of JSON to the file at `path`."""
    print(f"\n{title}")
    record = {"bench": bench, **(extra or {})}
    for name, seconds in times.items():
        ms = [1e3 * s for s in seconds]
        median = statistics.median(ms)
        print(f"  {labels[name]:<44} {median:9.2f} ms  ({min(ms):.2f} to {max(ms):.2f}, {len(ms)} runs)")
        record[name] = {"median_ms": median, "least_ms": min(ms), "most_ms": max(ms), "runs": len(ms)}
    value = statistics.median(times[ratio[0]]) / statistics.median(times[ratio[1]])
    record["ratio"] = value
    note = ""
    if wanted is not None:
        record["ratio_wanted"] = wanted
        note = f"     (wanted: at most {wanted}{'; MISSED' if value > wanted else ''})"
    print(f"  {labels[ratio[0]] + ' / ' + labels[ratio[1]]:<44} {value:9.2f}{note}", flush=True)
    if path:
        with open(path, "a", encoding="utf-8") as f:
            f.write(json.dumps(record) + "\n")


def report_all(bench, title, times, labels, ratios, extra=None, path=None):
    """Medians of any number of sides, and ratios {name: (numerator, denominator, the highest wanted or None)} of them."""
    print(f"\n{title}")
    record = {"bench": bench, **(extra or {})}
    medians = {name: statistics.median(seconds) for name, seconds in times.items()}
    for name, seconds in times.items():
        ms = [1e3 * s for s in seconds]
        print(f"  {labels[name]:<44} {1e3 * medians[name]:9.2f} ms  ({min(ms):.2f} to {max(ms):.2f}, {len(ms)} runs)")
        record[name] = {"median_ms": 1e3 * medians[name], "least_ms": min(ms), "most_ms": max(ms), "runs": len(ms)}
    for name, (over, under, wanted) in ratios.items():
        if over not in medians or under not in medians:
            continue
        value = record[name] = medians[over] / medians[under]
        note = "" if wanted is None else f"     (wanted: at most {wanted}{'; MISSED' if value > wanted else ''})"
        print(f"  {labels[over] + ' / ' + labels[under]:<44} {value:9.3f}{note}", flush=True)
    append(record, path)


def append(record, path):
    """A line of JSON, where a file is named."""
    if path:
        with open(path, "a", encoding="utf-8") as f:
            f.write(json.dumps(record) + "\n")


def ratio(times, over, under):
    return statistics.median(times[over]) / statistics.median(times[under])


def report_factors(bench, title, times, label, factors, extra=None, path=None):
    """Medians, and how many times faster one side is: {name: (ours, theirs, times their work is done, the least wanted)}."""
    print(f"\n{title}")
    record = {"bench": bench, **(extra or {}), "factors": {}}
    for name, seconds in times.items():
        print(f"  {label(name):<44} {statistics.median(seconds):9.3f} s  ({min(seconds):.3f} to {max(seconds):.3f}, "
              f"{len(seconds)} runs)")
        record[name] = {"median_ms": 1e3 * statistics.median(seconds), "least_ms": 1e3 * min(seconds),
                        "most_ms": 1e3 * max(seconds), "runs": len(seconds)}
    for name, (ours, theirs, often, wanted) in factors.items():
        value = record["factors"][name] = often / ratio(times, ours, theirs)
        print(f"  {label(theirs)}{f' x {often}' if often > 1 else ''} / {label(ours)}: {value:.2f}     (wanted: at least "
              f"{wanted}{'; MISSED' if value < wanted else ''})", flush=True)
    append(record, path)
