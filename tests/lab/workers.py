"""Things that are done side by side by processes, each with labs of its own."""

import multiprocessing
import queue
import signal


def stop(number, _frame):
    """Of a signal: an end by which labs are closed."""
    raise SystemExit(128 + number)


def work(labs_of, attempt, todo, done):
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to all; who started this ends it
    with labs_of() as labs:
        for number, thing in iter(todo.get, None):
            done.put((number, attempt(labs, thing)))


def next_result(name, done, workers):
    while True:
        try:
            return done.get(timeout=1)
        except queue.Empty:
            if all(worker.exitcode is not None for worker in workers) and done.empty():
                raise SystemExit(f"{name}: the labs ended before all was run") from None


def run_all(name, things, jobs, labs_of, attempt, show):
    """What `attempt(labs, thing)` returned for each thing, in their order; `labs_of()` are the labs of one process, and
    `show(count, thing, result)` is told of each as it comes. `name` is who says that the labs ended."""
    todo, done = multiprocessing.Queue(), multiprocessing.Queue()
    for number, thing in enumerate(things):
        todo.put((number, thing))
    jobs = min(jobs, len(things))
    for _ in range(jobs):
        todo.put(None)
    workers = [multiprocessing.Process(target=work, args=(labs_of, attempt, todo, done)) for _ in range(jobs)]
    for worker in workers:
        worker.start()
    results = {}
    try:
        while len(results) < len(things):
            number, results[number] = next_result(name, done, workers)
            show(len(results), things[number], results[number])
    finally:
        for worker in workers if len(results) < len(things) else []:
            worker.terminate()
        for worker in workers:
            worker.join()
    return [results[number] for number in range(len(things))]
