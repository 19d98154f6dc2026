"""Records what happens inside a Python program, one JSON object a line, and judges nothing.

It changes nothing that the program can see: it prints nothing, adds no frame to a traceback where that can be helped, no
thread that `threading` knows of, and no callback unless something went wrong. What is common costs the least: a callback
of an event loop costs two readings of the clock. Stacks are taken only of what lasts.
"""
import _thread
import _weakref
import atexit
import collections
import itertools
import json
import os
import sys
import time

SLOW_NS = 20_000_000        # what is shorter is not told
SEEN_NS = 10_000_000        # a callback this old is looked at
STAY_NS = 50_000_000        # a thread that stays this long at one place is told of
TICK = 0.01                 # seconds between two looks
FLUSH_TICKS = 5             # looks between two writes
ROWS = 400                  # rows of one kind and place; more are counted only
TASKS = 300                 # tasks of one function whose waits are told
DEEPEST = 60                # frames of a stack
LEAVES_LATE = sys.version_info < (3, 10)
THREADS = 64                # threads that are looked at
AFTER_MAIN_NS = 700_000_000  # how long main has been over before what is left is told

now = time.monotonic_ns
get_ident = _thread.get_ident

# The module's state; a forked child begins anew.
rows = []
rows_lock = _thread.allocate_lock()
places = {}                 # how many rows there are of a kind and place
left_out = 0
out = None
pid = 0
folder = ""
here = ""
libraries = ()
known_files = {}
serials = itertools.count(1)
running = {}                # thread -> the callback that it runs
patched = {}
alive = True
watching = False


# ---- rows

def tell(ev, t=None, **row):
    row["ev"] = ev
    row["t"] = now() if t is None else t
    rows.append(row)
    if not watching and len(rows) == 1 and alive:
        watch()
    if len(rows) > 2000:
        flush()


def tell_of(place, ev, t=None, **row):
    """The same, for what a program may do a hundred thousand times at one place."""
    global left_out
    count = places.get(place, 0) + 1
    places[place] = count
    if count > ROWS:
        left_out += 1
        return
    tell(ev, t, **row)


def flush():
    global rows
    if not rows or out is None or os.getpid() != pid:
        return
    if not rows_lock.acquire(False):
        return
    try:
        taken, rows = rows, []
        text = "".join([json.dumps(row, default=repr, separators=(",", ":")) + "\n" for row in taken])
        data = text.encode("utf-8", "replace")
        while data:
            data = data[os.write(out, data):]
    except OSError:
        pass
    finally:
        rows_lock.release()


# ---- frames

def is_library(file):
    known = known_files.get(file)
    if known is None:
        known = known_files[file] = file.startswith("<frozen") or full(file).startswith(libraries)
    return known


def full(file):
    if file.startswith("<") or file.startswith("/"):
        return file
    return os.path.join(start_folder, file)


def frame_row(frame):
    code = frame.f_code
    return [full(code.co_filename), frame.f_lineno or code.co_firstlineno, name_of(code)]


def name_of(code):
    return getattr(code, "co_qualname", code.co_name).replace("<locals>.", "")


def stack(frame):
    """The outermost first; frames of this file are left out, and so is what they stand on."""
    found = []
    leaves = False
    while frame is not None and len(found) < DEEPEST:
        if frame.f_code.co_filename != __file__:
            row = frame_row(frame)
            if leaves and not is_library(frame.f_code.co_filename):
                row[1] = line_of_with(row[0], row[1])
            found.append(row)
            leaves = LEAVES_LATE and frame.f_code.co_name == "__exit__"
        frame = frame.f_back
    found.reverse()
    return found


def line_of_with(file, line):
    """Until 3.9 the end of a `with` is told at the last line of its body."""
    import linecache
    indent = None
    for at in range(line, 0, -1):
        text = linecache.getline(file, at)
        before = len(text) - len(text.lstrip())
        if not text.strip() or indent is not None and before >= indent:
            continue
        if text.lstrip().startswith("with ") and at < line:
            return at
        indent = before
    return line


def site(frame):
    """The program's own frames, the outermost first."""
    found = []
    while frame is not None and len(found) < 12:
        if not is_library(frame.f_code.co_filename):
            found.append(frame_row(frame))
        frame = frame.f_back
    found.reverse()
    return found


def error_text(error):
    try:
        return "%s: %s" % (type(error).__name__, error) if str(error) else type(error).__name__
    except Exception:
        return type(error).__name__


def raised_at(error):
    found = []
    tb = getattr(error, "__traceback__", None)
    while tb is not None and len(found) < DEEPEST:
        code = tb.tb_frame.f_code
        if code.co_filename != __file__:
            found.append([full(code.co_filename), tb.tb_lineno or 0, name_of(code)])
        tb = tb.tb_next
    return found


# ---- numbers for objects: never given twice

class Numbers:
    """Serial numbers of objects, with what is known of each. An object's entry goes when the object does."""

    def __init__(self):
        self.of = {}

    def get(self, thing):
        entry = self.of.get(id(thing))
        return entry[1] if entry is not None and entry[0]() is thing else None

    def put(self, thing, value):
        key, of = id(thing), self.of

        def gone(ref):
            entry = of.get(key)
            if entry is not None and entry[0] is ref:
                del of[key]

        of[key] = (_weakref.ref(thing, gone), value)
        return value

    def serial(self, thing):
        known = self.get(thing)
        return self.put(thing, next(serials)) if known is None else known


# id of a task -> [serial, name, site, told, waits told, when it was made]. What takes a task's place in memory is a new
# entry; those of tasks that are over are kept a while, for who waits for them.
tasks = {}
over = collections.deque()
LATE = 5000
activations = Numbers()
jobs = Numbers()            # future of a pool -> serial
pools = Numbers()
locks = Numbers()
threads = Numbers()         # thread -> where it was made
loops = []                  # weak references
suspended = {}              # id of a task -> when its last step ended
counts = [0, 0, 0, 0, 0]    # tasks, alive, most alive, connections, most connections
of_code = {}                # code of a task's function -> how many tasks have told of a wait
failed = {}                 # tasks that ended with an error, until somebody asks for it


def task_info(task):
    info = tasks.get(id(task))
    if info is None:
        info = tasks[id(task)] = [next(serials), coroutine_name(task), [], False, 0, now()]
    return info


def coroutine_name(task):
    try:
        coro = task.get_coro()
        return getattr(coro, "__qualname__", None) or repr(coro)
    except Exception:
        return repr(task)


def task_number(task):
    info = task_info(task)
    if not info[3]:
        info[3] = True
        tell("task-new", task=info[0], name=info[1].replace("<locals>.", ""), at=info[2], born=info[5])
    return info[0]


def chain(task):
    """The frames of a task that is suspended, the outermost first, each with its activation."""
    found = []
    on = {}
    try:
        coro = task.get_coro()
    except Exception:
        return found, on
    while coro is not None and len(found) < DEEPEST:
        frame = getattr(coro, "cr_frame", None) or getattr(coro, "gi_frame", None) or getattr(coro, "ag_frame", None)
        if frame is None:
            break
        code = frame.f_code
        if code.co_filename != __file__:
            found.append(frame_row(frame) + [activations.serial(coro)])
            if is_library(code.co_filename):
                on.update(waited_thing(frame, code))
        following = getattr(coro, "cr_await", None)
        if following is None:
            following = getattr(coro, "gi_yieldfrom", None)
        coro = following
    return found, on


# Functions of the libraries that wait for something of their `self`.
KINDS = {
    ("locks.py", "acquire"), ("locks.py", "wait"), ("queues.py", "get"), ("queues.py", "put"), ("queues.py", "join"),
    ("_asyncio.py", "acquire_on_behalf_of"), ("threading.py", "join"), ("threading.py", "wait"),
    ("threading.py", "acquire"), ("queue.py", "get"), ("queue.py", "put"), ("queue.py", "join"), ("_base.py", "result"),
    ("_base.py", "exception"), ("thread.py", "shutdown"), ("threading.py", "_shutdown"), ("_synchronization.py", "acquire"),
}


waiting_codes = {}          # code -> whether it waits for its `self`


def waited_thing(frame, code):
    name = code.co_name
    known = waiting_codes.get(code)
    if known is None:
        known = waiting_codes[code] = (os.path.basename(code.co_filename), name) in KINDS
    if not known:
        return {}
    try:
        thing = frame.f_locals.get("self")
    except Exception:
        return {}
    if thing is None:
        return {}
    found = {"kind": "%s.%s" % (type(thing).__name__, name)}
    try:
        if name in ("result", "exception"):
            job = jobs.get(thing)
            if job is not None:
                found["job"] = job
        elif name == "shutdown":
            found["pool"] = pool_number(thing)
        elif name in ("acquire", "acquire_on_behalf_of"):
            found["lock"] = locks.serial(thing)
            size = getattr(thing, "total_tokens", None)
            if size is None:
                size = sizes.get(thing) or (1 if type(thing).__name__ == "Lock" else None)
            if isinstance(size, int):
                found["size"] = size
        elif name == "join" and hasattr(thing, "ident"):
            found["lock"] = locks.serial(thing)
    except TypeError:
        pass
    return found


sizes = Numbers()           # semaphore -> how many it lets in


def future_waited(future):
    """What a task's wake-up tells of what it waited for."""
    found = {"kind": type(future).__name__}
    try:
        children = getattr(future, "_children", None)
        if children is not None:
            found["tasks"] = [task_number(child) for child in children[:50] if hasattr(child, "get_coro")]
        elif hasattr(future, "get_coro"):
            found["tasks"] = [task_number(future)]
        else:
            job = jobs_of_futures.get(future)
            if job is not None:
                found["job"] = job
    except Exception:
        pass
    return found


jobs_of_futures = Numbers()  # future of a loop -> the job that it stands for


# ---- the processor time of a thread, and how long it was kept from one: nanoseconds

def thread_times(native):
    try:
        fd = os.open("/proc/self/task/%d/schedstat" % native, os.O_RDONLY | os.O_CLOEXEC)
        try:
            ran, waited = os.read(fd, 100).split()[:2]
        finally:
            os.close(fd)
        return int(ran), int(waited)
    except (OSError, ValueError):
        return None


natives = {}                # thread -> its number in the system


def native(ident):
    known = natives.get(ident)
    if known is None and "threading" in sys.modules:
        thread = sys.modules["threading"]._active.get(ident)
        known = getattr(thread, "native_id", None)
        if known is not None:
            natives[ident] = known
    if known is None and ident == main_ident:
        known = pid
    return known


# ---- asyncio

def patch_asyncio(asyncio):
    import asyncio.base_events as base_events
    import asyncio.events as events
    import asyncio.locks as async_locks
    import asyncio.runners as runners
    import asyncio.tasks as async_tasks

    task_types = (async_tasks.Task, getattr(async_tasks, "_PyTask", async_tasks.Task))
    run = events.Handle._run

    task_type = async_tasks.Task

    def _run(self):
        begun = now()
        task = getattr(self._callback, "__self__", None)
        if isinstance(task, task_type):
            since = suspended.pop(id(task), begun)
            if begun - since > SLOW_NS:
                try:
                    note_wait(task, since, begun, self)
                except Exception as error:
                    broken(error)
        else:
            task = None
        me = get_ident()
        before = running.get(me)
        running[me] = cell = [begun, None]
        try:
            run(self)
        finally:
            ended = now()
            running[me] = before
            if ended - begun > SLOW_NS:
                try:
                    note_block(self, task, cell, begun, ended)
                except Exception as error:
                    broken(error)
            if task is not None:
                if task.done():
                    note_done(task)
                else:
                    suspended[id(task)] = ended

    def note_done(task):
        counts[1] -= 1
        over.append(id(task))
        if len(over) > LATE:
            tasks.pop(over.popleft(), None)
        if not task.cancelled() and task._exception is not None:
            note_failed(task)

    def note_wait(task, since, until, handle):
        info = task_info(task)
        if info[4] == 0:
            try:
                code = task.get_coro().cr_code
            except AttributeError:
                code = None
            of_code[code] = of_code.get(code, 0) + 1
            info[4] = 1 if of_code[code] <= TASKS else ROWS
        info[4] += 1
        if info[4] > ROWS:
            global left_out
            left_out += 1
            return
        frames, on = chain(task)
        args = handle._args
        if args and hasattr(args[0], "add_done_callback"):
            found = future_waited(args[0])
            on = dict(found, **on)
        tell("wait", since, ns=until - since, task=task_number(task), chain=frames, on=on)

    def note_block(handle, task, cell, begun, ended):
        loop = handle._loop
        me = get_ident()
        after = thread_times(native(me) or pid)
        before = reading_before(me, begun)
        cpu, starved = ended - begun, 0
        if after and before:
            starved = min(after[1] - before[1], ended - begun)
            cpu = min(after[0] - before[0], ended - begun)
        due = readable = 0
        try:
            at = loop.time()
            due = sum(1 for timer in loop._scheduled[:50] if not timer._cancelled and timer._when <= at)
            own = loop._ssock.fileno() if loop._ssock is not None else -1
            readable = sum(1 for key, _ in loop._selector.select(0) if key.fd != own)
        except Exception:
            pass
        samples = [{"n": n, "stack": frames} for frames, n in (cell[1] or {}).values()]
        if not samples and task is not None and cpu > STAY_NS:
            # Native code that held the interpreter's lock let nobody look: the task's function is all that is known.
            samples = [{"n": 1, "stack": rows_after(task)}]
        place = samples[0]["stack"][-1] if samples else None
        tell_of(("block", str(place)), "block", begun, ns=ended - begun, cpu_ns=cpu, starved_ns=starved,
                task=task_number(task) if task is not None else None, thread=me, samples=samples,
                ready=len(loop._ready), due=due, readable=readable, tasks=max(counts[1], 0))

    def rows_after(task):
        rows_of = [row[:3] for row in chain(task)[0]]
        if not rows_of:
            code = task.get_coro().cr_code
            rows_of = [[full(code.co_filename), code.co_firstlineno, name_of(code)]]
        return rows_of

    def note_failed(task):
        if len(failed) < 1000:
            failed[id(task)] = _weakref.ref(task)
        number = task_number(task)
        error = task._exception
        tell("task-end", task=number, how="error", error=error_text(error), at=raised_at(error))

    events.Handle._run = _run

    create = base_events.BaseEventLoop.create_task

    def create_task(self, coro, *args, **options):
        task = create(self, coro, *args, **options)
        counts[0] += 1
        counts[1] += 1
        if counts[1] > counts[2]:
            counts[2] = counts[1]
        try:
            name = getattr(coro, "__qualname__", None) or type(coro).__name__
            where = site(sys._getframe(1)) if counts[0] < 2000 else []
            tasks[id(task)] = [next(serials), name, where, False, 0, now()]
        except Exception as error:
            broken(error)
        return task

    same_look(create_task, create)
    base_events.BaseEventLoop.create_task = create_task

    handler = base_events.BaseEventLoop.call_exception_handler

    def call_exception_handler(self, context):
        try:
            future = context.get("task") or context.get("future")
            error = context.get("exception")
            is_task = isinstance(future, task_types)
            if is_task:
                suspended.pop(id(future), None)
                failed.pop(id(future), None)
            if error is not None:
                tell("unhandled", task=task_number(future) if is_task else None, message=str(context.get("message")),
                     error=error_text(error), at=raised_at(error))
        except Exception as error:
            broken(error)
        return handler(self, context)

    same_look(call_exception_handler, handler)
    base_events.BaseEventLoop.call_exception_handler = call_exception_handler

    init = base_events.BaseEventLoop.__init__

    def loop_init(self, *args, **options):
        init(self, *args, **options)
        loops.append(_weakref.ref(self))

    same_look(loop_init, init)
    base_events.BaseEventLoop.__init__ = loop_init

    gathered = async_tasks.gather

    def gather(*args, **options):
        future = gathered(*args, **options)
        try:
            if not options.get("return_exceptions"):
                where = site(sys._getframe(1))
                future.add_done_callback(lambda future: note_gather(future, where))
        except Exception as error:
            broken(error)
        return future

    def note_gather(future, where):
        try:
            if future.cancelled() or future._exception is None:
                return
            children = getattr(future, "_children", ())
            pending = [c for c in children if not c.done()]
            bad = [c for c in children if c.done() and not c.cancelled() and c._exception is not None]
            lost = [c for c in children if c.done() and not c.cancelled() and c._exception is None]
            join = next(serials)
            tell("reject", join=join, kind="asyncio.gather", at=where, error=error_text(future._exception),
                 failed=[task_number(c) for c in bad[:20]], pending=[task_number(c) for c in pending[:20]],
                 lost=[task_number(c) for c in lost[:20]])
            for child in pending[:20]:
                child.add_done_callback(lambda child: tell(
                    "drop", join=join, task=task_number(child),
                    how="cancelled" if child.cancelled() else "error" if child._exception else "ok"))
        except Exception as error:
            broken(error)

    same_look(gather, gathered)
    async_tasks.gather = asyncio.gather = gather

    for kind in (async_locks.Lock, async_locks.Semaphore):
        patch_lock(kind, async_tasks)
    patch_executor(base_events)
    patch_runner(runners, async_tasks)
    patch_server(base_events)


def patch_lock(kind, async_tasks):
    init, release = kind.__init__, kind.release

    def lock_init(self, *args, **options):
        init(self, *args, **options)
        try:
            size = getattr(self, "_value", 1)
            sizes.put(self, size)
            locks.put(self, next(serials))
            tell_of(("lock", kind.__name__), "lock-new", lock=locks.get(self), kind=kind.__name__, size=size,
                    at=site(sys._getframe(1)))
        except Exception as error:
            broken(error)

    def lock_release(self):
        try:
            if getattr(self, "_waiters", None):
                task = async_tasks.current_task()
                where = site(sys._getframe(1))
                tell_of(("release", str(where[-1:])), "lock-release", lock=locks.serial(self),
                        task=task_number(task) if task is not None else None, thread=get_ident(), at=where)
        except Exception:
            pass
        return release(self)

    same_look(lock_init, init)
    same_look(lock_release, release)
    kind.__init__, kind.release = lock_init, lock_release


def patch_executor(base_events):
    """A future that a loop waits for is told to stand for the job of a pool."""
    futures = base_events.futures
    wrapped = futures.wrap_future

    def wrap_future(future, *args, **options):
        made = wrapped(future, *args, **options)
        try:
            job = jobs.get(future)
            if job is not None:
                jobs_of_futures.put(made, job)
        except Exception as error:
            broken(error)
        return made

    same_look(wrap_future, wrapped)
    futures.wrap_future = wrap_future
    if getattr(sys.modules.get("asyncio"), "wrap_future", None) is wrapped:
        sys.modules["asyncio"].wrap_future = wrap_future


def patch_runner(runners, async_tasks):
    cancel = getattr(runners, "_cancel_all_tasks", None)
    if cancel is None:
        return

    def cancel_all(loop):
        try:
            left = [task for task in async_tasks.all_tasks(loop) if not task.done()]
            for task in left[:100]:
                tell("killed", task=task_number(task), chain=chain(task)[0])
        except Exception as error:
            broken(error)
        return cancel(loop)

    runners._cancel_all_tasks = cancel_all


def patch_server(base_events):
    server = getattr(base_events, "Server", None)
    if server is None or not hasattr(server, "_attach"):
        return
    attach, detach = server._attach, server._detach
    open_now = [0]

    def _attach(self, *args):
        counts[3] += 1
        open_now[0] += 1
        if open_now[0] > counts[4]:
            counts[4] = open_now[0]
        return attach(self, *args)

    def _detach(self, *args):
        open_now[0] -= 1
        return detach(self, *args)

    server._attach, server._detach = _attach, _detach


def same_look(mine, original):
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        try:
            setattr(mine, name, getattr(original, name))
        except (AttributeError, TypeError):
            pass
    mine.__wrapped__ = original


# ---- pools of threads

def pool_number(pool):
    known = pools.get(pool)
    if known is None:
        known = pools.put(pool, next(serials))
        tell("pool-new", pool=known, size=getattr(pool, "_max_workers", 0), kind=type(pool).__name__, at=[])
    return known


def patch_pool(module):
    item, executor = module._WorkItem, module.ThreadPoolExecutor
    pool_init, item_init, item_run = executor.__init__, item.__init__, item.run

    def executor_init(self, *args, **options):
        pool_init(self, *args, **options)
        try:
            number = pools.put(self, next(serials))
            tell_of("pool", "pool-new", pool=number, size=self._max_workers, kind=type(self).__name__,
                    at=site(sys._getframe(1)))
        except Exception as error:
            broken(error)

    def work_init(self, future, *args, **options):
        global left_out
        item_init(self, future, *args, **options)
        try:
            submit = sys._getframe(1)
            fn = args[0] if args else options.get("fn")
            if not callable(fn):
                fn = submit.f_locals.get("fn")
            fn = getattr(fn, "func", fn)
            name = getattr(fn, "__qualname__", None) or type(fn).__name__
            place = ("job", name)
            if places.get(place, 0) >= ROWS:
                places[place] += 1
                left_out += 1
                return
            pool = submit.f_locals.get("self")
            job = jobs.put(future, next(serials))
            name = name.replace("<locals>.", "")
            where = site(submit)
            tell_of(place, "job-submit", job=job, pool=pool_number(pool) if pool is not None else 0, name=name,
                    at=where, task=None)
            job_sites[job] = (name, where)
        except Exception as error:
            broken(error)

    def work_run(self, *args):
        future = self.future
        job = jobs.get(future)
        if job is None:
            return item_run(self, *args)
        me = get_ident()
        name = job_sites.get(job, ("", ()))[0]
        tell_of(("start", name), "job-start", job=job, thread=me)
        working[me] = job
        before = thread_times(native(me) or 0)
        begun = time.thread_time_ns()
        try:
            return item_run(self, *args)
        finally:
            working.pop(me, None)
            job_sites.pop(job, None)
            error = getattr(future, "_exception", None)
            after = thread_times(native(me) or 0) if before else None
            tell_of(("end", name), "job-end", job=job, cpu_ns=time.thread_time_ns() - begun,
                    starved_ns=after[1] - before[1] if after else 0,
                    how="error" if error is not None else "ok", error=error_text(error) if error is not None else "")

    same_look(executor_init, pool_init)
    executor.__init__, item.__init__, item.run = executor_init, work_init, work_run


job_sites = {}              # job -> its name, and where it was submitted
working = {}                # thread -> the job that it runs


def patch_threading(module):
    init = module.Thread.__init__

    def thread_init(self, *args, **options):
        init(self, *args, **options)
        try:
            frame = sys._getframe(1)
            while frame is not None and frame.f_code.co_name == "__init__" and frame.f_locals.get("self") is self:
                frame = frame.f_back
            threads.put(self, site(frame))
        except Exception as error:
            broken(error)

    same_look(thread_init, init)
    module.Thread.__init__ = thread_init


# ---- what was never awaited

def patch_warnings(warnings):
    original = warnings._warn_unawaited_coroutine

    def _warn_unawaited_coroutine(coro):
        origin = getattr(coro, "cr_origin", None)
        if not tracking or origin is None:
            return original(coro)
        try:
            at = [[full(file), line, name] for file, line, name in reversed(origin) if file != __file__]
            tell("unawaited", name=coro.__qualname__.replace("<locals>.", ""), at=at)
        except Exception as error:
            broken(error)
        # What the original says of a coroutine whose origin is not tracked, which it would not be without us.
        message = "coroutine '%s' was never awaited" % (coro.__qualname__,)
        warnings.warn(message, category=RuntimeWarning, stacklevel=2, source=coro)

    warnings._warn_unawaited_coroutine = _warn_unawaited_coroutine


tracking = False


# ---- the look from a thread of our own

stays = {}                  # thread -> [frame's id, instruction, since, times then, frame rows, on, reported]


def frames_of_others():
    """The frames of the other threads. Our own would hold itself, and all others with it, until a collection."""
    frames = sys._current_frames()
    frames.pop(get_ident(), None)
    return frames


readings = {}               # thread of a loop -> its times at the last looks


def read_times(at):
    for ident, cell in list(running.items()):
        known = readings.setdefault(ident, [])
        # The last reading before a callback began is the one to compare with.
        if cell is None or not known or known[-1][0] < cell[0]:
            times = thread_times(native(ident) or 0)
            if times is None:
                running.pop(ident, None)
            else:
                known.append((at, times))
                del known[:-3]


def reading_before(ident, begun):
    found = None
    for at, times in readings.get(ident, ()):
        if at <= begun or found is None:
            found = times
    return found


def look():
    frames = frames_of_others()
    at = now()
    read_times(at)
    for ident, cell in list(running.items()):
        if cell is not None and at - cell[0] > SEEN_NS:
            frame = frames.get(ident)
            if frame is None:
                continue
            if cell[1] is None:
                cell[1] = {}
            rows_of = stack(frame)
            key = str(rows_of)
            known = cell[1].get(key)
            cell[1][key] = (rows_of, known[1] + 1 if known else 1)
    for ident in list(stays):
        if ident not in frames:
            end_stay(ident, at)
            stays.pop(ident, None)
            natives.pop(ident, None)
    for ident, frame in list(frames.items())[:THREADS]:
        known = stays.get(ident)
        # A frame may stand where one stood that is gone: what it waits for tells them apart.
        on = thread_waits_for(frame)
        key = (id(frame), frame.f_lasti, on.get("lock"), on.get("job"))
        if known is not None and known[0] == key:
            if known[2] is None and at - known[1] > STAY_NS // 2:
                known[2] = thread_times(native(ident) or 0) or (0, 0)
                known[3] = stack(frame)
            continue
        if known is not None:
            end_stay(ident, at)
        stays[ident] = [key, at, None, None, on]


def thread_waits_for(frame):
    found = {}
    depth = 0
    while frame is not None and depth < 8 and is_library(frame.f_code.co_filename):
        found = waited_thing(frame, frame.f_code) or found
        frame = frame.f_back
        depth += 1
    return found


def patch_uvloop(module):
    """Its loop is native code: callbacks and waits cannot be seen, but where its thread stays can."""
    global unseen_loop
    unseen_loop = True
    for cause in ("sequential", "lock", "forgotten"):
        tell("cannot", cause=cause, why="uvloop runs tasks in native code, where their waits cannot be seen")


unseen_loop = False
RUNNERS = ("/uvloop/", "/asyncio/runners.py", "/uvicorn/server.py", "/gunicorn/", "/asyncio/base_events.py")


def block_of(since, at, cpu, ident, rows_of):
    """A thread that runs an unseen loop stayed in a callback."""
    runs = [i for i, row in enumerate(rows_of) if any(part in row[0] for part in RUNNERS)]
    if not runs or runs[-1] == len(rows_of) - 1:
        return
    known = getattr(sys.modules["asyncio"].tasks, "_scheduled_tasks", None)
    if known is None:
        known = getattr(sys.modules["asyncio"].tasks, "_all_tasks", ())
    living = sum(1 for task in list(known) if not task.done())
    tell_of(("block", str(rows_of[-1])), "block", since, ns=at - since, cpu_ns=cpu, task=None, thread=ident,
            samples=[{"n": 1, "stack": rows_of}], tasks=living)


def end_stay(ident, at):
    _, since, times, rows_of, on = stays[ident]
    if times is None or at - since < STAY_NS:
        return
    after = thread_times(native(ident) or 0)
    cpu = after[0] - times[0] if after and times[0] else 0
    if unseen_loop:
        block_of(since, at, cpu, ident, rows_of)
    name, main = thread_name(ident), ident == main_ident
    place = next((r for r in reversed(rows_of) if not is_library(r[0])), rows_of[-1] if rows_of else None)
    tell_of(("stay", name, str(place)), "stay", since, ns=at - since, cpu_ns=cpu, thread=ident, name=name, main=main,
            stack=rows_of, on=on or {})


def thread_name(ident):
    module = sys.modules.get("threading")
    thread = module._active.get(ident) if module else None
    return thread.name if thread is not None else ""


def main_is_over(frames):
    frame = frames.get(main_ident)
    if frame is None:
        return False
    while frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code.co_name in ("_shutdown", "_python_exit", "_run_exitfuncs")


def is_daemon(thread, ident):
    """Whether the end of main ends it. Until 3.8 the threads of executors are daemons that the interpreter waits for."""
    if thread is None:
        return ident != main_ident
    pools = sys.modules.get("concurrent.futures.thread")
    return bool(thread.daemon) and (pools is None or thread not in pools._threads_queues)


def dump(main_over):
    frames = frames_of_others()
    module = sys.modules.get("threading")
    alive_threads = []
    for ident, frame in list(frames.items())[:200]:
        thread = module._active.get(ident) if module else None
        where = threads.get(thread) if thread is not None else None
        job = working.get(ident)
        if job is not None and job in job_sites:
            where = job_sites[job][1]
        times = thread_times(native(ident) or 0)
        alive_threads.append({
            "thread": ident, "name": thread.name if thread is not None else "", "main": ident == main_ident,
            "daemon": is_daemon(thread, ident), "stack": stack(frame),
            "at": where or [], "on": thread_waits_for(frame), "cpu": times})
    frames = frame = None
    time.sleep(0.05)
    for row in alive_threads:
        before, after = row.pop("cpu"), thread_times(native(row["thread"]) or 0)
        row["cpu_ns"] = after[0] - before[0] if before and after else 0
    left, timers, readers, handlers = [], 0, 0, 0
    for ref in list(loops):
        loop = ref()
        if loop is None or loop.is_closed():
            continue
        try:
            timers += sum(1 for timer in list(loop._scheduled) if not timer._cancelled)
            readers += max(len(loop._selector.get_map()) - 1, 0)
            handlers += len(getattr(loop, "_signal_handlers", ()))
        except Exception:
            readers += 1
        for task in list(sys.modules["asyncio"].all_tasks(loop))[:200]:
            frames_of, on = chain(task)
            waiter = getattr(task, "_fut_waiter", None)
            if waiter is not None:
                on = dict(future_waited(waiter), **on)
            left.append({"task": task_number(task), "chain": frames_of, "on": on})
    note_unasked()
    tell("stuck", main_over=main_over, tasks=left, threads=alive_threads, timers=timers, readers=readers,
         handlers=handlers, children=children())
    note_counts()


def note_unasked():
    """Tasks whose errors nobody has asked for until now."""
    for key, ref in list(failed.items()):
        task = ref()
        failed.pop(key, None)
        if task is not None and getattr(task, "_log_traceback", False) and task._exception is not None:
            tell("unhandled", task=task_number(task), message="not asked for", error=error_text(task._exception),
                 at=raised_at(task._exception))


def children():
    try:
        found = 0
        for thread in os.listdir("/proc/self/task"):
            with open("/proc/self/task/%s/children" % thread) as file:
                found += len(file.read().split())
        return found
    except OSError:
        return 0


def note_counts():
    tell("count", tasks=counts[0] + len_jobs(), most_tasks=counts[2], requests=counts[3], most_requests=counts[4],
         left_out=left_out)


def len_jobs():
    return sum(count for place, count in places.items() if place[0] == "job")


def watch_on():
    global watching
    tick = 0
    over_since = 0
    dumped = False
    asked = os.path.join(folder, "ask")
    answered = os.path.join(folder, "answered-%d" % pid)
    while alive and os.getpid() == pid:
        time.sleep(TICK)
        tick += 1
        try:
            look()
            if over_since == 0:
                if tick % 2 == 0 and main_is_over(frames_of_others()):
                    over_since = now()
                    tell("main-end")
            elif not dumped and now() - over_since > AFTER_MAIN_NS:
                dumped = True
                dump(True)
            if tick % FLUSH_TICKS == 0:
                if os.path.exists(asked) and not os.path.exists(answered):
                    dump(over_since != 0)
                    flush()
                    os.close(os.open(answered, os.O_CREAT | os.O_WRONLY, 0o600))
                if rows:
                    flush()
        except Exception as error:
            broken(error)
    watching = False


def watch():
    global watching
    if watching or not alive:
        return
    watching = True
    try:
        _thread.start_new_thread(watch_on, ())
    except RuntimeError as error:
        watching = False
        broken(error)


# ---- forks, failures, the beginning and the end

def before_fork():
    """The interpreter warns of a fork beside other threads: ours is not there then."""
    global alive
    flush()
    alive = False
    for _ in range(200):
        if not watching:
            return
        time.sleep(0.002)


def after_fork_in_parent():
    global alive
    # The thread begins again with the next row: not now, since the warning is yet to come.
    alive = True


def after_fork_in_child():
    global alive, watching, rows, pid, rows_lock
    alive, watching, rows = True, False, []
    rows_lock = _thread.allocate_lock()
    places.clear()
    running.clear()
    stays.clear()
    natives.clear()
    readings.clear()
    working.clear()
    counts[:] = [0, 0, 0, 0, 0]
    pid = os.getpid()
    open_out()
    hello()


def broken(error):
    """Takes the probe out, and says so."""
    global alive
    if not alive:
        return
    for undo in list(patched.values()):
        undo()
    tell("broken", why="the probe failed: " + error_text(error) + " at %s" % (raised_at(error)[-1:],))
    flush()
    alive = False


def end():
    global alive
    if os.getpid() != pid:
        return
    try:
        if not any(row["ev"] == "main-end" for row in rows):
            tell("main-end")
        at = now()
        for ident in list(stays):
            end_stay(ident, at)
        note_unasked()
        note_counts()
    except Exception:
        pass
    flush()


def open_out():
    global out
    path = os.path.join(folder, "%d.ndjson" % pid)
    out = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def hello():
    tell("hello", language="python", version=".".join(map(str, sys.version_info[:3])), main=main_file(),
         folder=start_folder, libraries=list(libraries),
         can=["stall", "sequential", "failfast", "pool", "lock", "forgotten", "never-exits"], cannot=[])


def main_file():
    words = getattr(sys, "orig_argv", None) or []
    for word in words[1:]:
        if not word.startswith("-"):
            return word
    return ""


class Finder:
    """Patches a module as soon as it has been imported."""

    def __init__(self, hooks):
        self.hooks = hooks

    def find_spec(self, name, path=None, target=None):
        hook = self.hooks.pop(name, None)
        if hook is None:
            return None
        if not self.hooks and self in sys.meta_path:
            sys.meta_path.remove(self)
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                break
        else:
            return None
        loader = spec.loader
        execute = getattr(loader, "exec_module", None)
        if execute is None:
            return spec

        def exec_module(module):
            try:
                del loader.exec_module
            except AttributeError:
                pass
            execute(module)
            try:
                hook(module)
            except Exception as error:
                broken(error)

        try:
            loader.exec_module = exec_module
        except AttributeError:
            pass
        return spec


HOOKS = {
    "asyncio": patch_asyncio,
    "concurrent.futures.thread": patch_pool,
    "threading": patch_threading,
    "uvloop": patch_uvloop,
    "warnings": patch_warnings,
}


def begin(folder_of_probe):
    global folder, here, libraries, pid, start_folder, main_ident, tracking
    folder = os.environ["REPRO_PROBE"]
    here = folder_of_probe
    pid = os.getpid()
    main_ident = get_ident()
    try:
        start_folder = os.getcwd()
    except OSError:
        start_folder = "/"
    standard = os.path.dirname(os.__file__)
    found = [standard, os.path.realpath(standard), here]
    for word in ("/lib/python3/dist-packages",):
        found.append(sys.base_prefix + word)
    for entry in sys.path:
        if entry.endswith(("site-packages", "dist-packages")):
            found.append(entry)
    found.append(os.path.join(sys.prefix, "lib"))
    found.append(os.path.join(sys.prefix, "bin"))
    libraries = tuple(sorted({entry.rstrip("/") + "/" for entry in found}))
    open_out()
    hooks = {}
    for name, hook in HOOKS.items():
        module = sys.modules.get(name)
        if module is None:
            hooks[name] = hook
        else:
            hook(module)
    sys.meta_path.insert(0, Finder(hooks))
    sys.set_coroutine_origin_tracking_depth(1)
    tracking = True
    atexit.register(end)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=before_fork, after_in_parent=after_fork_in_parent,
                            after_in_child=after_fork_in_child)
    hello()


start_folder = "/"
main_ident = 0
