// Records what happens inside a Node program, one JSON object a line, and judges nothing.
//
// It changes nothing that the program can see: it prints nothing, adds no frame to a stack that the program prints, keeps
// no process alive, and attaches nothing to a promise whose rejection nobody handles. What is common costs the least:
// stacks are captured in V8's own form, and are read only of what lasted. Loops that stand still are seen by V8's sampling
// profiler, which samples by the wall clock, and so sees calls that block as well as code that computes.
'use strict';
(function () {
  const folder = process.env.REPRO_PROBE;
  const { isMainThread } = require('worker_threads');
  const main = process.argv[1] || '';
  const TOOLS = /[\\/](npm|npx|yarn|pnpm|corepack|typescript)[\\/](bin|lib|dist)[\\/]/;
  if (!folder || !isMainThread || TOOLS.test(main)) return;

  const fs = require('fs');
  const v8 = require('v8');
  const { openSync, writeSync, readSync, existsSync, readFileSync } = fs;
  const SLOW = 20; // milliseconds; what is shorter is not told
  const GAP = 35; // a loop that passed no place of ours for so long is looked at
  const TICK = 25; // between two looks
  const SAMPLE_US = 5000;
  const ROWS = 400; // rows of one kind and place
  const DEEPEST = 12; // frames of a stack
  const BURST = 20000; // promises between two looks; who makes more is not watched any further
  const STACKS = 3000; // stacks at once; beyond, one in 32
  const JOINED = 256; // members of a join that are watched
  const SELF = __filename;
  const { performance } = require('perf_hooks');
  const now = performance.now.bind(performance);
  const OFFSET = Number(process.hrtime.bigint()) - now() * 1e6;
  const ns = (ms) => Math.round(ms * 1e6 + OFFSET);
  const cwd = (() => { try { return process.cwd(); } catch { return '/'; } })();

  let alive = true;
  let rows = [];
  let out = -1;
  let leftOut = 0;
  const places = new Map();

  function tell(ev, at, row) {
    row.ev = ev;
    row.t = ns(at);
    rows.push(row);
    if (rows.length > 2000) flush();
  }
  function tellOf(place, ev, at, row) {
    const count = (places.get(place) || 0) + 1;
    places.set(place, count);
    if (count > ROWS) leftOut++;
    else tell(ev, at, row);
  }
  function flush() {
    if (!rows.length || out < 0) return;
    const taken = rows;
    rows = [];
    try {
      const data = Buffer.from(taken.map((row) => JSON.stringify(row)).join('\n') + '\n');
      for (let done = 0; done < data.length;) done += writeSync(out, data, done);
    } catch { /* The program goes on. */ }
  }
  function broken(error) {
    if (!alive) return;
    alive = false;
    for (const undo of undos) try { undo(); } catch { /* the others */ }
    tell('broken', now(), { why: 'the probe failed: ' + String(error && error.stack || error).split('\n').slice(0, 2).join(' ') });
    flush();
  }
  const undos = [];
  const safely = (f) => function (...args) {
    if (!alive) return undefined;
    try { return f.apply(this, args); } catch (error) { broken(error); return undefined; }
  };

  // ---- frames

  function capture(above, depth) {
    const limit = Error.stackTraceLimit;
    const holder = {};
    try {
      Error.stackTraceLimit = depth || DEEPEST;
      Error.captureStackTrace(holder, above);
    } finally {
      Error.stackTraceLimit = limit;
    }
    return holder;
  }
  /** The frames of a captured stack, the innermost first: {file, line, name, wait, builtin}. */
  function read(holder) {
    if (!holder) return [];
    if (holder.frames) return holder.frames;
    const own = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
    let sites;
    try {
      Error.prepareStackTrace = (_, found) => found;
      sites = holder.stack;
    } finally {
      if (own) Object.defineProperty(Error, 'prepareStackTrace', own);
      else delete Error.prepareStackTrace;
    }
    const frames = [];
    for (const site of Array.isArray(sites) ? sites : []) {
      const file = site.getFileName() || '';
      if (file === SELF || file === 'node:internal/promise_hooks') continue;
      if (file.startsWith('node:internal/process/task_queues') || file.startsWith('node:internal/modules/') || file.startsWith('node:internal/main/')) break;
      const wait = typeof site.isAsync === 'function' && site.isAsync();
      const name = functionName(site);
      if (!file) frames.push({ file: '', line: 0, name, wait, builtin: true });
      else frames.push(Object.assign(place(file, site.getLineNumber() || 0, site.getColumnNumber() || 0), { name, wait, builtin: false }));
    }
    holder.frames = frames;
    delete holder.stack;
    return frames;
  }
  function functionName(site) {
    const name = site.getFunctionName();
    if (!name) return '<anonymous>';
    if (name.includes('.')) return name;
    let type = null;
    try { type = site.isToplevel() ? null : site.getTypeName(); } catch { type = null; }
    return type && type !== 'Object' && type !== 'Function' && type !== 'global' ? type + '.' + name : name;
  }
  const maps = new Map();
  const texts = new Map();
  function textOf(file) {
    let text = texts.get(file);
    if (text === undefined) {
      try { text = readFileSync(file, 'utf8').split('\n'); } catch { text = null; }
      texts.set(file, text);
    }
    return text;
  }
  function mapOf(file) {
    let map = maps.get(file);
    if (map !== undefined) return map;
    map = null;
    try {
      const lines = textOf(file) || [];
      const last = lines.slice(-5).reverse().map((line) => /^\/\/[#@] ?sourceMappingURL=(\S+)/.exec(line)).find(Boolean);
      if (last) {
        const path = require('path');
        const inline = /^data:[^,]*?(;base64)?,(.*)$/.exec(last[1]);
        const text = inline ? (inline[1] ? Buffer.from(inline[2], 'base64').toString() : decodeURIComponent(inline[2]))
          : readFileSync(path.resolve(path.dirname(file), last[1]), 'utf8');
        const { SourceMap } = require('module');
        map = new SourceMap(JSON.parse(text));
      }
    } catch { map = null; }
    maps.set(file, map);
    return map;
  }
  const plain = new Map();
  function plainName(file) {
    let known = plain.get(file);
    if (known === undefined) {
      known = file;
      if (file.startsWith('file://')) try { known = require('url').fileURLToPath(file); } catch { known = file; }
      plain.set(file, known);
    }
    return known;
  }
  /** A place in the sources that the user wrote. */
  function place(url, line, column) {
    const file = plainName(url);
    const library = file.lastIndexOf('/node_modules/');
    if (library >= 0) return { file: file.slice(library + 1), line };
    if (!file.startsWith('/')) return { file, line };
    const map = mapOf(file);
    if (map) {
      const entry = map.findEntry(line - 1, Math.max(column - 1, 0));
      if (entry && entry.originalSource) {
        const path = require('path');
        const source = plainName(entry.originalSource);
        return { file: source.startsWith('/') ? source : path.resolve(path.dirname(file), source), line: entry.originalLine + 1 };
      }
    }
    return { file, line };
  }
  const isOwn = (frame) => frame.file.startsWith('/') && !frame.builtin;
  const row = (frame, activation) => activation ? [frame.file, frame.line, frame.name, activation] : [frame.file, frame.line, frame.name];
  /** The program's own frames, the outermost first. */
  const site = (frames) => frames.filter(isOwn).map((frame) => row(frame)).reverse();
  function raisedAt(error) {
    const found = [];
    let text = '';
    try { text = error && typeof error.stack === 'string' ? error.stack : ''; } catch { text = ''; }
    for (const line of text.split('\n')) {
      const at = /^\s+at (?:async )?(?:(.*?) \()?((?:file:\/\/|node:|\/)[^()]*?):(\d+):(\d+)\)?$/.exec(line);
      if (at) found.push(Object.assign(place(at[2], Number(at[3]), Number(at[4])), { name: at[1] || '<anonymous>' }));
    }
    return found.reverse().map((frame) => row(frame));
  }
  function errorText(error) {
    try { return error instanceof Error ? `${error.name}: ${error.message}`.split('\n')[0] : String(error).split('\n')[0]; } catch { return 'an error'; }
  }

  // ---- promises: one entry each, and stacks as long as they can be afforded

  const promises = new WeakMap();
  let serials = 0;
  let afford = STACKS;
  let seen = 0;
  let resumed = null; // the wait whose function is running
  let opened = null; // the promises that were made since, the newest first
  let ours = false; // we are making a promise
  let last = now(); // when the loop was last known to move
  const gaps = [];
  const resumptions = []; // waits that ended: [begun, ended]
  const unused = []; // tasks that ended and that nobody asked for, of late
  let progress = []; // waits of the user's that ended of late: [when their function was called, when they ended]

  function moved() {
    const at = now();
    if (at - last > GAP && gaps.length < 500) gaps.push([last, at, dueIntervals(at - last)]);
    last = at;
    return at;
  }
  /** Watching so many promises would cost the program more than it is worth. */
  let blind = false;
  let seenBefore = 0;
  let stopHooks = () => {};
  function goBlind() {
    if (blind) return;
    blind = true;
    stopHooks();
    pending.clear();
    unused.length = 0;
    const why = 'the program makes so many promises that watching them would slow it down';
    for (const cause of ['sequential', 'lock', 'forgotten', 'never-exits']) tell('cannot', now(), { cause, why });
  }
  function dueIntervals(within) {
    let due = 0;
    for (const timer of intervals.keys()) if (!timer._destroyed && timer._repeat && timer._repeat <= within) due++;
    return due;
  }
  function init(promise, parent) {
    if (ours || !alive) return;
    const before = parent === undefined ? undefined : promises.get(parent);
    if (before !== undefined) before.used = true;
    else if (parent !== undefined) return;
    seen++;
    if (seen - seenBefore > BURST) {
      goBlind();
      return;
    }
    if (afford <= 0 && (seen & 31) !== 0) return;
    afford--;
    const info = {
      id: ++serials, raw: capture(init), t: now(), used: false, before, settled: 0, told: false, task: undefined,
      from: null, opened: null, depth: 0, job: 0, ended: false, releaser: undefined,
    };
    if (before === undefined) {
      info.opened = opened && opened.depth < 64 ? opened : null;
      info.depth = info.opened ? opened.depth + 1 : 0;
      opened = info;
    } else {
      info.opened = opened;
      if (resumed && resumed.depth < 32) {
        info.from = resumed;
        info.depth = resumed.depth + 1;
      }
      pending.add(info);
      if (pending.size > mostPending) mostPending = pending.size;
    }
    promises.set(promise, info);
  }
  const pending = new Set(); // waits that are not over
  let mostPending = 0;

  /** The awaiting frame and those around it, if it is an await and not a `then`. */
  function awaiting(info) {
    const frames = read(info.raw);
    return frames.length && !frames[0].builtin ? frames : null;
  }
  const stretch = (frames) => {
    const end = frames.findIndex((frame) => frame.wait);
    return end < 0 ? frames : frames.slice(0, end);
  };
  /** The promise of the activation that awaits: that which it was resumed with before, or that which was made when it was called. */
  function taskOf(info) {
    if (info.task !== undefined) return info.task;
    info.task = null;
    const frames = awaiting(info);
    if (frames) {
      const here = stretch(frames);
      if (here.length === 1 && info.from) info.task = taskOf(info.from);
      for (let one = info.opened, i = 0; one && !info.task && i < 64; one = one.opened, i++) {
        const its = stretch(read(one.raw));
        if (its.length !== here.length || !its.length || its[0].builtin) continue;
        const same = its.every((frame, at) => frame.name === here[at].name && frame.file === here[at].file && (at === 0 || frame.line === here[at].line));
        if (same && !one.taken) {
          one.taken = true;
          info.task = one;
        }
      }
      if (!info.task) info.task = { id: ++serials, raw: info.raw, t: info.t, told: false, used: true, top: true };
    }
    info.from = info.opened = null;
    return info.task;
  }
  /** Tells of a task. What made it is named by the frame below the one that waits for it, if that is known. */
  function number(info, below) {
    if (!info.told) {
      info.told = true;
      const frames = read(info.raw);
      let name = below;
      if (!name) {
        const first = frames.findIndex((frame) => !frame.builtin);
        name = first < 0 ? 'a promise' : frames[first].name;
      }
      info.name = name;
      const made = frames.length && !frames[0].builtin ? frames.slice(1) : frames;
      tell('task-new', now(), { task: info.id, name, at: site(made), born: ns(info.t) });
    }
    return info.id;
  }
  const LOCKS = /(^|[.])(lock|acquire|acquireLock|getLock|runExclusive)$/i;

  /** What a wait was for. */
  function waitedFor(info, frames) {
    const of = info.before;
    const made = read(of.raw);
    const depth = stretch(frames).length;
    const its = stretch(made);
    // The frame that was called from the one that waits, if it was called there.
    const callee = its.length > depth ? its[its.length - depth - 1] : undefined;
    const on = { kind: 'Promise' };
    if (of.kids) {
      on.kind = 'Promise.all';
      on.tasks = of.kids.slice(0, 50).map((kid) => number(kid));
    } else if (callee && !callee.builtin) {
      on.tasks = [number(of, callee.name)];
      on.callee = callee;
      if (LOCKS.test(callee.name)) {
        on.lock = lockNumber(callee);
        on.size = 1;
      }
    } else if (its.length && !its[0].builtin) {
      on.tasks = [number(of)];
    }
    return on;
  }
  const locks = new Map();
  function lockNumber(frame) {
    const key = frame.file + '\0' + frame.name;
    if (!locks.has(key)) locks.set(key, ++serials);
    return locks.get(key);
  }
  const isLeaf = (info) => {
    const made = read(info.raw);
    return made.length > 0 && (made[0].builtin ? !info.kids && made[0].name !== 'all' : !isOwn(made[0]));
  };

  const before = safely((promise) => {
    const at = moved();
    const info = promises.get(promise);
    opened = null;
    resumed = null;
    if (info === undefined || info.before === undefined) return;
    pending.delete(info);
    const frames = at - info.t > SLOW ? awaiting(info) : null;
    if (frames) {
      const task = taskOf(info);
      if (isLeaf(info.before) && resumptions.length < 5000) resumptions.push([info.t, at]);
      const own = frames.filter(isOwn);
      if (own.length && task) {
        progress.push([task.t, at]);
        if (progress.length > 400) progress = progress.slice(200);
        const chain = frames.filter((frame) => !frame.builtin).map((frame, index) => row(frame, index === 0 ? task.id : 0)).reverse();
        const key = 'wait' + own[0].file + own[0].line;
        const on = waitedFor(info, frames);
        // What was called stands below, but for a lock, which is waited for here.
        if (on.callee && on.lock === undefined) chain.push(row(on.callee));
        delete on.callee;
        if (!task.told) number(task);
        tellOf(key, 'wait', info.t, { ns: ns(at) - ns(info.t), task: task.id, chain, on });
        if (on.lock !== undefined && info.before.releaser) {
          const { task: holder, when, where } = info.before.releaser;
          tellOf('release' + on.lock, 'lock-release', when, { lock: on.lock, task: holder && holder.id, thread: 1, at: site(read(where)) });
        }
      }
    }
    // A wait that is over keeps what it waited for no longer.
    info.before = null;
    resumed = info;
  });
  const after = () => {
    resumed = null;
    opened = null;
  };
  const settled = safely((promise) => {
    const info = promises.get(promise);
    if (info === undefined) return;
    info.settled = now();
    if (info.before === undefined) {
      if (info.settled - info.t > SLOW && info.used && afford > 0 && resumed) {
        const made = read(info.raw);
        const first = made.find((frame) => !frame.builtin);
        if (first && LOCKS.test(first.name)) info.releaser = { task: taskOf(resumed), when: info.settled, where: capture(settled) };
      }
      if (info.job) endJob(info.job);
      if (!info.used) {
        unused.push(info);
        if (unused.length > 500) noteUnused(unused.shift());
      }
    } else {
      pending.delete(info);
    }
  });
  /** A task of the user's that lasted, and whose end nobody had asked for when it came. */
  function noteUnused(info) {
    if (info.used || info.ended || info.settled - info.t < SLOW) return;
    const frames = read(info.raw);
    if (frames.length < 2 || !isOwn(frames[0])) return;
    // What a library calls is the library's to wait for, and what the top level calls is the program's main.
    const each = frames[1].builtin && /forEach$/.test(frames[1].name);
    if (!each && (!isOwn(frames[1]) || frames.length === 2)) return;
    info.ended = true;
    number(info);
    tellOf('ignored' + frames[0].file + frames[0].line, 'ignored', info.settled, { task: info.id, ns: ns(info.settled) - ns(info.t), each });
  }

  // ---- joins

  const siblings = []; // when the members of a join were made, where that took long
  let joins = 0;
  let affordJoins = 2000;
  const then = Promise.prototype.then;
  const originalAll = Promise.all;
  function all(members) {
    if (!alive || this !== Promise || !Array.isArray(members)) return originalAll.call(this, members);
    const made = originalAll.call(this, members);
    if (members.length && members.length <= JOINED && affordJoins-- > 0) watchJoin(made, members.slice(), capture(all));
    return made;
  }
  const watchJoin = safely((made, members, where) => {
    const join = ++joins;
    const infos = members.map((member) => {
      if (!(member instanceof Promise)) return null;
      return promises.get(member) || { id: ++serials, raw: null, t: now(), told: false, used: true };
    });
    const info = promises.get(made);
    if (info) info.kids = infos.filter(Boolean);
    const born = infos.filter((one) => one && one.raw).map((one) => one.t);
    if (born.length > 1 && born[born.length - 1] - born[0] > SLOW && siblings.length < 500) siblings.push(born);
    const state = members.map((_, at) => infos[at] ? 0 : 1);
    let gaveUp = false;
    ours = true;
    try {
      members.forEach((member, at) => {
        if (!infos[at] || Object.getPrototypeOf(member) !== Promise.prototype) return;
        then.call(member, safely(() => {
          state[at] = 1;
          if (gaveUp) tell('drop', now(), { join, task: number(infos[at]), how: 'ok' });
        }), safely((error) => {
          state[at] = 2;
          const cancelled = error && error.name === 'AbortError';
          if (gaveUp) {
            tell('drop', now(), { join, task: number(infos[at]), how: cancelled ? 'cancelled' : 'error' });
            return;
          }
          gaveUp = true;
          const those = (is) => infos.filter((one, i) => one && state[i] === is).map((one) => number(one));
          const raised = raisedAt(error);
          tell('task-end', now(), { task: number(infos[at]), how: cancelled ? 'cancelled' : 'error', error: errorText(error), at: raised });
          tell('reject', now(), { join, kind: 'Promise.all', at: site(read(where)), error: errorText(error), failed: [infos[at].id], pending: those(0), lost: those(1) });
        }));
      });
    } finally {
      ours = false;
    }
  });

  // ---- the pool of libuv: its queue cannot be seen, but is served in order by a known number of threads

  const poolSize = Math.max(1, parseInt(process.env.UV_THREADPOOL_SIZE || '4', 10) || 4);
  const ofThreads = { id: 1, kind: 'libuv', size: () => poolSize, told: false };
  let pools = 1;
  let jobs = 0;
  const queue = [];
  const active = new Map();
  function submitJob(name, computes, above) {
    if (active.size + queue.length > 2000) return 0;
    const job = { id: ++jobs, pool: ofThreads, name, computes, at: now(), where: capture(above), started: 0 };
    if (active.size < poolSize) startJob(job);
    else queue.push(job);
    return job.id;
  }
  function startJob(job) {
    job.started = now();
    active.set(job.id, job);
  }
  function endJob(id) {
    let job = active.get(id);
    const at = now();
    if (!job) {
      const index = queue.findIndex((one) => one.id === id);
      if (index < 0) return;
      job = queue.splice(index, 1)[0];
      job.started = at;
    }
    active.delete(id);
    if (queue.length && active.size < poolSize) startJob(queue.shift());
    if (at - job.at < SLOW) return;
    tellJob(job, at);
  }
  function tellJob(job, ended) {
    const pool = job.pool;
    if (!pool.told) {
      pool.told = true;
      tell('pool-new', job.at, { pool: pool.id, size: pool.size(), kind: pool.kind, connections: pool !== ofThreads, at: pool.made ? site(read(pool.made)) : [] });
    }
    const frames = site(read(job.where));
    const key = 'job' + String(frames[frames.length - 1]);
    const count = (places.get(key) || 0) + 1;
    places.set(key, count);
    if (count > ROWS) return;
    tell('job-submit', job.at, { job: job.id, pool: pool.id, name: job.name, at: frames });
    if (!job.started) return;
    tell('job-start', job.started, { job: job.id, thread: job.thread || 2 });
    if (ended) tell('job-end', ended, { job: job.id, cpu_ns: job.computes ? ns(ended) - ns(job.started) : 0, how: 'ok' });
  }
  function dress(wrapper, original) {
    for (const key of Reflect.ownKeys(original)) {
      if (key === 'prototype') continue;
      const property = Object.getOwnPropertyDescriptor(original, key);
      try { Object.defineProperty(wrapper, key, property); } catch { /* not ours to say */ }
    }
    return wrapper;
  }
  function wrapCallback(module, name, label, computes) {
    const original = module[name];
    if (typeof original !== 'function') return;
    const wrapper = dress(function (...args) {
      const at = args.length - 1;
      const callback = args[at];
      if (!alive || typeof callback !== 'function') return original.apply(this, args);
      const job = submitJob(label, computes, wrapper);
      if (job) args[at] = function (...results) {
        endJob(job);
        return callback.apply(this, results);
      };
      return original.apply(this, args);
    }, original);
    module[name] = wrapper;
    undos.push(() => { if (module[name] === wrapper) module[name] = original; });
  }
  function wrapPromise(module, name, label) {
    const original = module[name];
    if (typeof original !== 'function') return;
    const wrapper = dress(function (...args) {
      const made = original.apply(this, args);
      if (!alive || !(made instanceof Promise)) return made;
      const info = promises.get(made);
      if (info && !info.settled) info.job = submitJob(label, false, wrapper);
      return made;
    }, original);
    module[name] = wrapper;
    undos.push(() => { if (module[name] === wrapper) module[name] = original; });
  }
  function wrapPool() {
    for (const name of ['read', 'readFile', 'open', 'write', 'writeFile', 'appendFile', 'stat', 'readdir', 'copyFile']) wrapCallback(fs, name, 'fs.' + name, false);
    wrapCallback(require('dns'), 'lookup', 'dns.lookup', false);
    for (const name of ['open', 'readFile', 'writeFile', 'appendFile', 'readdir', 'copyFile']) wrapPromise(fs.promises, name, 'fs.promises.' + name);
    require('module').syncBuiltinESMExports();
  }
  // ---- agents of HTTP: requests that wait for a connection where their number is limited

  const agents = new WeakMap();
  const wrapped = new WeakSet();
  const requested = new WeakSet();
  const outstanding = new Set();
  // An agent is an emitter that can be asked; what it inherits that from is wrapped once.
  function watchAgent(agent) {
    const size = () => Math.min(agent.maxSockets, agent.maxTotalSockets || Infinity);
    agents.set(agent, { id: ++pools, kind: 'http.Agent', size, made: capture(undefined, 24), told: false });
    let owner = agent;
    while (!Object.prototype.hasOwnProperty.call(owner, 'addRequest')) owner = Object.getPrototypeOf(owner);
    if (wrapped.has(owner)) return;
    wrapped.add(owner);
    const original = owner.addRequest;
    const wrapper = dress(function (...args) {
      const result = original.apply(this, args);
      safely(() => { if (alive) askedFor(this, args[0], wrapper); })();
      return result;
    }, original);
    owner.addRequest = wrapper;
    undos.push(() => { if (owner.addRequest === wrapper) owner.addRequest = original; });
  }
  function askedFor(agent, request, above) {
    const pool = agents.get(agent);
    if (!pool || !Number.isFinite(pool.size()) || requested.has(request) || outstanding.size > 2000) return;
    requested.add(request);
    const waits = Object.values(agent.requests).some((queued) => queued[queued.length - 1] === request);
    const at = now();
    const job = { id: ++jobs, pool, name: request.method + ' ' + request.path, computes: false, at, where: capture(above), started: waits ? 0 : at, thread: 3 };
    outstanding.add(job);
    if (waits) request.once('socket', safely(() => { job.started = now(); }));
    request.once('close', safely(() => {
      outstanding.delete(job);
      if (now() - job.at >= SLOW) tellJob(job, now());
    }));
  }

  // ---- timers that go on, and handles: where each was made

  const intervals = new Map();
  function wrapIntervals() {
    const original = globalThis.setInterval;
    const wrapper = dress(function (...args) {
      const made = original.apply(this, args);
      if (alive && intervals.size < 1000) intervals.set(made, { raw: capture(wrapper), t: now() });
      return made;
    }, original);
    globalThis.setInterval = wrapper;
    require('timers').setInterval = wrapper;
  }
  const handles = new WeakMap();
  const emitters = new Map();
  let requests = 0;
  let open = 0;
  let mostOpen = 0;
  const arrivals = [];
  function subscribe(name, on) {
    const channel = require('diagnostics_channel').channel(name);
    channel.subscribe(safely(on));
  }
  // Workers and watchers of files are emitters, and are initialised as such.
  function watchEmitters(kinds, made, madeAgent) {
    const emitter = require('events');
    const original = emitter.init;
    emitter.init = function (...args) {
      if (this && kinds.has(this.constructor && this.constructor.name)) made(this);
      if (this && typeof this.addRequest === 'function') madeAgent(this);
      return original.apply(this, args);
    };
  }
  function watchHandles() {
    const made = (key) => (message) => { if (message[key]) handles.set(message[key], { raw: capture(undefined, 24), t: now() }); };
    subscribe('net.client.socket', made('socket'));
    subscribe('child_process', made('process'));
    watchEmitters(new Set(['Worker', 'FSWatcher', 'StatWatcher']), safely((emitter) => {
      if (emitters.size < 100) emitters.set(emitter, { raw: capture(undefined, 24), t: now() });
    }), safely(watchAgent));
    subscribe('http.server.request.start', (message) => {
      const at = moved();
      if (arrivals.length < 5000) arrivals.push(at);
      requests++;
      mostOpen = Math.max(mostOpen, ++open);
    });
    subscribe('http.server.response.finish', () => { open = Math.max(0, open - 1); });
  }

  // ---- what the loop did while it stood still

  let session = null;
  let profiled = 0;
  let schedstat = -1;
  const times = []; // [at, ran, waited]: milliseconds
  function readTimes(at) {
    if (schedstat < 0) return;
    try {
      const buffer = Buffer.allocUnsafe(96);
      const [ran, waited] = buffer.toString('latin1', 0, readSync(schedstat, buffer, 0, 96, 0)).split(' ');
      times.push([at, ran / 1e6, waited / 1e6]);
      if (times.length > 4000) times.splice(0, 2000);
    } catch { schedstat = -1; }
  }
  function timesWithin(begin, end) {
    let first = times[0];
    let final = times[times.length - 1];
    for (const one of times) {
      if (one[0] <= begin) first = one;
      if (one[0] >= end) { final = one; break; }
    }
    return first && final ? [final[1] - first[1], final[2] - first[2]] : [end - begin, 0];
  }
  function startProfile() {
    session.post('Profiler.start');
    profiled = now();
  }
  function harvest(again) {
    if (!session || !gaps.length && again && now() - profiled < 30000) return;
    const found = gaps.splice(0);
    let profile = null;
    session.post('Profiler.stop', (error, result) => { profile = error ? null : result.profile; });
    if (profile && found.length) tellBlocks(profile, found);
    if (again) startProfile();
    last = now();
  }
  function tellBlocks(profile, found) {
    const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
    for (const node of profile.nodes) for (const child of node.children || []) nodes.get(child).parent = node;
    const toMs = (us) => (us * 1000 - OFFSET) / 1e6;
    let at = profile.startTime;
    const samples = profile.samples.map((id, i) => {
      at += profile.timeDeltas[i];
      return [toMs(at), nodes.get(id)];
    });
    let from = 0;
    for (const [begin, end, late] of found) {
      while (from < samples.length && samples[from][0] < begin) from++;
      const within = [];
      for (let i = from; i < samples.length && samples[i][0] <= end; i++) within.push(samples[i]);
      const busy = within.filter(([, node]) => node.callFrame.functionName !== '(idle)');
      if (busy.length >= 3) tellBlock(Math.max(begin, busy[0][0] - SAMPLE_US / 1000), end, busy, late);
    }
  }
  function tellBlock(begin, end, busy, late) {
    if (end - begin < SLOW) return;
    const stacks = new Map();
    for (const [, node] of busy) stacks.set(node, (stacks.get(node) || 0) + 1);
    const seenStacks = new Map();
    for (const [node, n] of stacks) for (const [stack, share] of stackOf(node, n)) {
      const key = JSON.stringify(stack);
      const known = seenStacks.get(key);
      seenStacks.set(key, { n: (known ? known.n : 0) + share, stack });
    }
    const list = [...seenStacks.values()].filter((sample) => sample.n > 0).sort((a, b) => b.n - a.n).slice(0, 12);
    const [cpu, starved] = timesWithin(begin, end);
    const length = end - begin;
    const held = resumptions.filter(([from, until]) => from < begin + 5 && until >= end - 1 && until < end + 60).length;
    // Before the loop began nobody could be served.
    const arrived = arrivals.filter((when) => begin >= loopBegan && when >= end - 1 && when < end + 30).length;
    // Members of the same join that could not even be made before it was over.
    const kept = siblings.reduce((sum, born) => sum + (born[0] <= begin + (end - begin) * 0.25 ? born.filter((when) => when >= begin + (end - begin) * 0.75).length : 0), 0);
    const place = list.length ? String(list[0].stack[list[0].stack.length - 1]) : '';
    tellOf('block' + place, 'block', begin, {
      ns: ns(end) - ns(begin), cpu_ns: Math.max(0, Math.round(Math.min(cpu, length) * 1e6)), starved_ns: Math.max(0, Math.round(Math.min(starved, length) * 1e6)),
      thread: 1, samples: list, ready: held + kept, due: late + timersBetween(end), readable: arrived, tasks: 1,
    });
  }
  /** The stacks of a node of the profile, which knows the lines of the innermost function alone. */
  function stackOf(node, n) {
    const frames = [];
    // Compiled expressions and functions of the engine have no file.
    let builtin = '';
    while (!node.callFrame.url && node.parent) {
      builtin = node.callFrame.functionName;
      node = node.parent;
    }
    for (let one = node, below = null; one; below = one, one = one.parent) {
      const { url, functionName: name, lineNumber } = one.callFrame;
      if (!url || plainName(url) === SELF) continue;
      frames.push({ url, name: name || '<anonymous>', line: lineNumber + 1, below });
    }
    while (frames.length && /^node:internal\/(modules|main|process)\//.test(frames[frames.length - 1].url)) frames.pop();
    const resolved = frames.map((frame, index) => {
      if (index === 0) return null;
      const line = callLine(frame, frames[index - 1].name);
      return Object.assign(place(frame.url, line, columnOf(frame.url, line)), { name: frame.name });
    });
    const innermost = frames[0];
    if (!innermost) return [];
    const ticks = (node.positionTicks || []).slice().sort((a, b) => b.ticks - a.ticks);
    const all = ticks.reduce((sum, tick) => sum + tick.ticks, 0);
    const within = builtin && callLine(innermost, builtin);
    const lines = within && within !== innermost.line ? [{ line: within, ticks: all || 1 }]
      : all ? ticks.slice(0, 3) : [{ line: innermost.line, ticks: 1 }];
    const outer = resolved.slice(1).reverse().map((frame) => row(frame));
    return lines.map((tick) => {
      const leaf = Object.assign(place(innermost.url, tick.line, columnOf(innermost.url, tick.line)), { name: innermost.name });
      return [outer.concat([row(leaf)]), Math.round(n * tick.ticks / (all || 1))];
    });
  }
  function columnOf(url, line) {
    const text = url.startsWith('node:') ? null : textOf(plainName(url));
    const at = text && text[line - 1] ? text[line - 1].search(/\S/) : 0;
    return Math.max(at, 0) + 1;
  }
  /** The line of a function that calls another, as far as its text tells. */
  function callLine(frame, callee) {
    const bare = callee.startsWith('RegExp: ') ? 'RegExp' : callee.split('.').pop();
    const text = frame.url.startsWith('node:') ? null : textOf(plainName(frame.url));
    if (!text) return frame.line;
    const indent = (line) => line.search(/\S/);
    const outer = indent(text[frame.line - 1] || '');
    // What a library calls itself may be called otherwise by its users: execSync ends in spawnSync.
    const words = [bare].concat(ALIASES[bare] || []);
    for (let at = frame.line - 1; at < text.length && at < frame.line + 400; at++) {
      const line = text[at];
      if (words.some((word) => line.includes(word + '(')) && !(at === frame.line - 1 && !line.includes('{'))) {
        const declares = new RegExp('function\\s+' + bare.replace(/[^\w]/g, '') + '\\b').test(line);
        if (!declares) return at + 1;
      }
      if (at > frame.line - 1 && line.trim() && indent(line) <= outer && /^[\s)}\];,]*$/.test(line)) break;
    }
    return frame.line;
  }
  const ALIASES = {
    RegExp: ['test', 'exec', 'match', 'matchAll', 'replace', 'replaceAll', 'search', 'split'].map((name) => '.' + name),
    spawnSync: ['execSync', 'execFileSync'], checkExecSyncError: ['execSync'], wait: ['Atomics.wait'], openSync: ['readFileSync', 'writeFileSync'],
    readSync: ['readFileSync'], tryReadSync: ['readFileSync'], zlibBufferSync: ['gzipSync', 'gunzipSync', 'deflateSync', 'inflateSync', 'brotliCompressSync'],
  };
  const timerCounts = []; // [at, timers]
  function timersBetween(end) {
    let at = -1;
    for (let i = 0; i < timerCounts.length; i++) if (timerCounts[i][0] <= end + 2) at = i;
    const here = timerCounts[at];
    const next = timerCounts[at + 1];
    return here && next && here[0] >= end - 2 ? Math.max(0, here[1] - next[1]) : 0;
  }
  const timersNow = () => process.getActiveResourcesInfo ? process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length : 0;

  // ---- the look, the beginning and the end

  let ticks = 0;
  let loopBegan = Infinity;
  const look = safely(() => {
    const before = gaps.length;
    const at = moved();
    seenBefore = seen;
    loopBegan = Math.min(loopBegan, at);
    readTimes(at);
    afford = Math.min(STACKS, afford + 100);
    affordJoins = Math.min(2000, affordJoins + 50);
    if (timerCounts.length > 400) timerCounts.splice(0, 200);
    if (gaps.length > before || timerCounts.length && timerCounts[timerCounts.length - 1][2]) {
      timerCounts.push([at, timersNow(), gaps.length > before]);
    }
    opened = null;
    if (++ticks % 8 === 0) {
      if (gaps.length && at - gaps[0][1] > 100 && at - profiled > 700 || at - profiled > 30000) harvest(true);
      if (existsSync(asked) && !existsSync(answered)) {
        dump();
        flush();
        fs.closeSync(openSync(answered, 'w', 0o600));
      }
      flush();
    }
  });
  const asked = folder + '/ask';
  const answered = folder + '/answered-' + process.pid;

  function dump() {
    harvest(true);
    while (unused.length) noteUnused(unused.shift());
    const left = [];
    let readers = 0;
    let children = 0;
    // What was made last may be what the program is for: something has to have gone on since that had begun before.
    const add = (name, made, meant) => {
      if (!progress.some(([born, ended]) => born < made.t && ended > made.t + 50)) return;
      left.push({ thread: left.length + 2, name, main: false, daemon: false, stack: [], at: site(read(made.raw)), on: {}, may_be_meant: meant });
    };
    for (const [timer, made] of intervals) if (!timer._destroyed && timer.hasRef()) add('setInterval', made, false);
    for (const handle of process._getActiveHandles()) {
      const name = handle.constructor ? handle.constructor.name : '';
      const made = handles.get(handle);
      if (name === 'Server' || handle.fd === 0) readers++;
      else if (name === 'ChildProcess') children++;
      if (made) add(name, made, name === 'Socket');
    }
    for (const [emitter, made] of emitters) {
      const keys = Object.getOwnPropertySymbols(emitter).concat('_handle');
      const handle = keys.map((key) => emitter[key]).find((one) => one && typeof one.hasRef === 'function');
      const name = emitter.constructor.name;
      const isWorker = name === 'Worker';
      const isAlive = isWorker ? emitter.threadId > 0 && (!handle || handle.hasRef()) : handle && handle.hasRef();
      // To watch files may be all that a program is for.
      if (isAlive) add(name, made, !isWorker);
    }
    // As long as a function of the user's waits, the program is not over.
    if (blind) left.length = 0;
    for (const info of pending) if ((awaiting(info) || []).some(isOwn)) left.length = 0;
    tell('stuck', now(), { main_over: true, tasks: [], threads: readers ? [] : left, timers: 0, readers, handlers: 0, children });
    count();
  }
  function count() {
    tell('count', now(), { tasks: serials, most_tasks: mostPending, requests, most_requests: mostOpen, left_out: leftOut });
  }
  function end() {
    if (!alive) return;
    moved();
    harvest(false);
    while (unused.length) noteUnused(unused.shift());
    for (const job of [...active.values(), ...queue, ...outstanding]) if (now() - job.at > 40) tellJob(job, 0);
    tell('main-end', now(), {});
    if (!naturally && !blind) tellKilled();
    count();
    flush();
  }
  let naturally = false;
  function tellKilled() {
    const running = new Set(read(capture(tellKilled, 30)).map((frame) => frame.file + frame.name));
    let told = 0;
    for (const info of pending) {
      if (told > 50) break;
      const frames = awaiting(info);
      if (!frames || !frames.some(isOwn)) continue;
      const task = taskOf(info);
      if (!task || task.used || task.top || running.has(frames[0].file + frames[0].name)) continue;
      told++;
      number(task);
      tell('killed', now(), { task: task.id, chain: frames.filter((frame) => !frame.builtin).map((frame) => row(frame)).reverse() });
    }
  }
  function begin() {
    out = openSync(folder + '/' + process.pid + '.ndjson', 'a', 0o600);
    try { schedstat = openSync('/proc/self/schedstat', 'r'); } catch { schedstat = -1; }
    const can = ['stall', 'sequential', 'failfast', 'pool', 'lock', 'forgotten', 'never-exits'];
    tell('hello', now(), {
      language: 'javascript', version: process.versions.node, main, folder: cwd,
      libraries: ['node:', 'node_modules/', 'evalmachine.', '[', require('path').dirname(SELF) + '/'], can, cannot: [],
    });
    stopHooks = v8.promiseHooks.createHook({ init, before, after, settled });
    undos.push(() => stopHooks());
    Object.defineProperty(Promise, 'all', { value: dress(all, originalAll), configurable: true, writable: true });
    wrapIntervals();
    wrapPool();
    watchHandles();
    const { Session } = require('inspector');
    session = new Session();
    session.connect();
    session.post('Profiler.enable');
    session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US });
    startProfile();
    readTimes(now());
    const timer = originalInterval(look, TICK);
    timer.unref();
    process.on('beforeExit', () => { naturally = true; });
    process.on('exit', safely(end));
    process.on('uncaughtExceptionMonitor', safely((error, origin) => {
      naturally = true;
      if (origin === 'unhandledRejection') tellUnhandled(error);
    }));
    last = now();
  }
  function tellUnhandled(error) {
    const info = unused.slice().reverse().find((one) => !one.used && read(one.raw).length && !read(one.raw)[0].builtin);
    if (!info) return;
    info.ended = true;
    // What the top level of the program started is its main, which may fail.
    if (site(read(info.raw).slice(1)).length < 2) return;
    tell('unhandled', now(), { task: number(info), message: 'unhandled rejection', error: errorText(error), at: raisedAt(error) });
  }
  const originalInterval = setInterval;
  safely(begin)();
})();
