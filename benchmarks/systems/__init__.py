"""The systems that are compared, each used as its own documentation advises.

Each module has `create(topic)`, which asks for one piece of work, and `command(threads)`, the worker process that does
it; what else it needs first is done by `prepare()`, and `done()` says how much is done where the work never gets to the
slide generator. The work is `job.ask`: one call to the slide generator, which takes as long as that does. They run in
an environment of their own (benchmarks/requirements.txt), but for Lectern.
"""
