"""Numbers from repeats: median, tenth and ninetieth percentile. Standard library only."""

import statistics


def percentile(values, share):
    """Linear interpolation between the closest ranks."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def spread(values, around=None):
    """{typical, low, high}: the median of `values`, and the 10th and 90th percentile of `around` or `values`."""
    around = list(around or values)
    middle = statistics.median(values)
    low, high = percentile(around, 0.1), percentile(around, 0.9)
    return {"typical": middle, "low": min(low, middle), "high": max(high, middle)}


def slope(points):
    """Least-squares slope of (x, y) pairs: what one more x costs."""
    mean_x = statistics.fmean(x for x, _ in points)
    mean_y = statistics.fmean(y for _, y in points)
    above = sum((x - mean_x) * (y - mean_y) for x, y in points)
    return above / sum((x - mean_x) ** 2 for x, _ in points)
