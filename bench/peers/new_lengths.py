"""What first calls and new lengths cost: a layer made and called once, then a sequence of lengths, each new once."""
import gc
import time


def lengths_around(length, count):
    """`count` different lengths about that one, without it, in no order that memory could be grown by."""
    step = max(1, length // (2 * count))
    lengths = [length - step * (count // 2 - i) + (i >= count // 2) * step for i in range(count)]
    if min(lengths) < 1:
        lengths = [length + 1 + i for i in range(count)]
    return lengths[::2] + lengths[1::2][::-1]


def timed(function):
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def of_peer(peer, problem, arrays, lengths, threads):
    """The rows of a peer in this process, one for each way to pose the layer."""
    rows = []
    for two_dimensional in (False, True):
        inputs = [input_of(problem, arrays, length, two_dimensional) for length in [problem.length, *lengths]]
        gc.disable()
        create, call = timed(lambda: peer.any_length(problem, arrays, threads, two_dimensional))
        first, _ = timed(lambda: call(inputs[0]))
        fresh, _ = timed(lambda: call_all(call, inputs[1:]))
        again, _ = timed(lambda: call_all(call, inputs[1:]))
        gc.enable()
        rows.append({"who": f"{peer.NAME}/{2 if two_dimensional else 1}d", "create": create, "first": first,
                     "fresh": fresh, "again": again, "allocations": -1})
    return rows


def call_all(call, inputs):
    for x in inputs:
        call(x)


def input_of(problem, arrays, length, two_dimensional):
    """An input of that length, dense, of the numbers of the layer's, repeated where it is longer."""
    shape = list(problem.input_shape)
    shape[2 if problem.order == "scb" else 1] = length
    count = shape[0] * shape[1] * shape[2]
    repeated = arrays.input.ravel()
    while repeated.size < count:
        repeated = repeated.repeat(2)
    return repeated[:count].reshape(problem.posed(shape, two_dimensional))
