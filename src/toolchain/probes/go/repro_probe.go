// Records what goroutines wait for, one JSON object a line, and judges nothing.
//
// It stands in package runtime, beside the runtime's own files, and is called from a few lines that were put into them.
// A wait that is short costs two readings of the clock. A goroutine that waited for long tells of it itself when it wakes,
// so that nothing has to be stopped or searched. What is told is kept in a ring, and written by a thread of its own that
// has no processor of the scheduler: the runtime finds deadlocks as it would without it. Nothing here allocates.

package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
	"unsafe"
)

const (
	reproSlow  = 20e6 // nanoseconds: what is shorter is not told
	reproLong  = 500e6 // what is not over and shorter is not told
	reproDepth = 40   // frames of a stack
	reproRows  = 512  // rows between two writes
	reproKept  = 64   // of these, for the first goroutine and for locks
	reproSame  = 300  // rows of one place
	reproTold  = 4096
	reproStuck = 200  // goroutines that are told of at the end
)

// What a row tells of.
const (
	reproWait = iota
	reproRelease
)

// Reasons beside those of the runtime.
const reproInSyscall = 250

// What is known of a goroutine.
type reproGo struct {
	id, parent         uint64
	born               int64
	gopc, from, start uintptr
}

type reproRow struct {
	kind, reason uint8
	timer        bool
	of, waker    reproGo
	made         uint32
	at, ns       int64
	object       uintptr
	took         [2]uintptr
	n            int
	pcs          [reproDepth]uintptr
}

var reproOn bool

// A time that is a few milliseconds old.
var reproClock int64

// The place in the user's code that was last found to be that.
var reproLastOwn uintptr

var reproTasks, reproMost, reproLeftOut int64

var repro struct {
	lock  mutex
	count int
	rows  [reproRows]reproRow

	writing mutex
	fd      int32
	done    bool
	row     reproRow
	told    [reproTold]uint64
	places  [reproTold]uint16
	length  int
	buffer  [16 << 10]byte
}

// Apart from the rest, which the collector does not have to look at.
var reproNames struct {
	ask, answered               string // with a zero byte at the end, for the system
	standard, modules, vendored string // what the names of files begin with that are not the user's
}

// What every goroutine has of ours; `g` holds one.
type reproOfG struct {
	born   int64
	waited int64 // when it last waited for another goroutine
	joined bool  // by a WaitGroup
	clock  int64 // the clock that stands still, when it began to wait
	in     int64 // when it went into the system
	from   uintptr
	object uintptr
	waker  uint64
	wakerG guintptr
	made   uint32
	next   uint32
	held   [4]struct {
		object uintptr
		took   [2]uintptr
	}
}

// ---- called from the runtime

func reproBegin() {
	folder := gogetenv("REPRO_PROBE")
	if folder == "" {
		return
	}
	number := reproDecimal(getpid())
	reproNames.ask = folder + "/ask\x00"
	reproNames.answered = folder + "/answered-" + number + "\x00"
	name := folder + "/" + number + ".ndjson\x00"
	repro.fd = open(unsafe.StringData(name), _O_WRONLY|_O_CREAT|_O_CLOEXEC, 0o600)
	if repro.fd < 0 {
		return
	}
	modules := gogetenv("GOMODCACHE")
	if modules == "" {
		if path := gogetenv("GOPATH"); path != "" {
			modules = path + "/pkg/mod"
		} else {
			modules = gogetenv("HOME") + "/go/pkg/mod"
		}
	}
	reproNames.modules = modules + "/"
	reproNames.vendored = gogetenv("PWD") + "/vendor/"
	reproNames.standard = reproStandard()
	gp := getg()
	gp.repro.born = nanotime()
	reproClock = nanotime()
	reproHello()
	reproOn = true
	systemstack(func() {
		newm(reproWatch, nil, -1)
	})
}

// The user's main function is over, or has called os.Exit.
func reproEnd() {
	if !reproOn {
		return
	}
	me := getg().m.curg
	systemstack(func() {
		lock(&repro.writing)
		if !repro.done {
			reproDrain()
			// Whoever calls os.Exit elsewhere means to end the others.
			if me.goid == 1 {
				reproKilled(me)
			}
			reproCounts()
			reproFlush()
			repro.done = true
		}
		unlock(&repro.writing)
	})
	reproOn = false
}

// The runtime has found that nothing can go on.
func reproDeadlock() {
	if !reproOn {
		return
	}
	lock(&repro.writing)
	if !repro.done {
		reproDrain()
		reproAlive(true)
		reproCounts()
		reproFlush()
		repro.done = true
	}
	unlock(&repro.writing)
}

// A goroutine is about to wait in the scheduler. Returns when; 0 if that is not to be told.
func reproParks(gp *g, reason waitReason) int64 {
	if !reproOn {
		return 0
	}
	now := nanotime()
	gp.waitsince = now
	gp.repro.clock = reproClock
	gp.repro.waker = 0
	return now
}

// A goroutine is being created by another.
func reproBorn(by, newg *g) {
	newg.repro = reproOfG{}
	if reproOn {
		newg.repro.born = nanotime()
		by.repro.made++
		atomic.Xaddint64(&reproTasks, 1)
	}
}

// A goroutine has waited in the scheduler since an instant.
func reproParked(gp *g, since int64, reason waitReason, on unsafe.Pointer) {
	if gp.goid == 1 && reproIsForOthers(reason) && reproIsMeant(gp, reason, on, getfp()) {
		gp.repro.waited, gp.repro.joined = since, reason == waitReasonSyncWaitGroupWait
	}
	// The clock that stands still for some milliseconds tells most short waits without a reading.
	if reproClock == gp.repro.clock {
		return
	}
	now := nanotime()
	if now-since < reproSlow || !reproHasRoom(gp, reason) || isSystemGoroutine(gp, false) {
		return
	}
	var pcs [reproDepth]uintptr
	n := callers(2, pcs[:])
	object, timer := reproObject(gp, reason, on)
	reproAdd(gp, reproWait, uint8(reason), since, now-since, object, timer, pcs[:n], nil)
}

// The same in the system.
func reproSyscalled(gp *g) {
	since, now := gp.repro.in, nanotime()
	gp.repro.in = 0
	if now-since < reproSlow || !reproHasRoom(gp, waitReasonZero) || isSystemGoroutine(gp, false) {
		return
	}
	var pcs [reproDepth]uintptr
	n := callers(2, pcs[:])
	gp.repro.waker = 0
	reproAdd(gp, reproWait, reproInSyscall, since, now-since, 0, false, pcs[:n], nil)
}

// A goroutine lets go of what another waits for.
func reproReleased(addr *uint32, waiting *g) {
	gp := getg()
	reason := waiting.waitreason
	if !reproOn || gp != gp.m.curg || !reproIsLock(reason) {
		return
	}
	now := nanotime()
	if now-waiting.waitsince < reproSlow/2 || !reproHasRoom(gp, reason) {
		return
	}
	var pcs [reproDepth]uintptr
	n := callers(2, pcs[:])
	object := reproLock(reason, uintptr(unsafe.Pointer(addr)))
	var took *[2]uintptr
	for i := uint32(0); i < 4; i++ {
		// The place last used comes first.
		if held := &gp.repro.held[(gp.repro.next-i)&3]; held.object == object {
			took = &held.took
			break
		}
	}
	reproAdd(gp, reproRelease, uint8(reason), now, 0, object, false, pcs[:n], took)
}

// A goroutine is about to take a lock. Kept are where, and where the caller is.
//
//go:linkname reproTake sync.reproTake
//go:noinline
func reproTake(object unsafe.Pointer) {
	if !reproOn || !framepointer_enabled {
		return
	}
	own := &getg().repro
	// One that is taken again and again has one place.
	if own.held[own.next&3].object != uintptr(object) {
		own.next++
	}
	held := &own.held[own.next&3]
	fp := getfp()
	held.object = uintptr(object)
	held.took[0] = *(*uintptr)(unsafe.Pointer(fp + 8))
	held.took[1] = *(*uintptr)(unsafe.Pointer(*(*uintptr)(unsafe.Pointer(fp)) + 8))
}

// Where the function of a frame returns to, and where that one's caller does.
//
//go:nosplit
func reproReturn(fp uintptr) uintptr {
	if fp == 0 || !framepointer_enabled {
		return 0
	}
	return *(*uintptr)(unsafe.Pointer(fp + 8))
}

//go:nosplit
func reproCaller(fp uintptr) uintptr {
	if fp == 0 || !framepointer_enabled || !mainStarted {
		return 0
	}
	return reproReturn(*(*uintptr)(unsafe.Pointer(fp)))
}

// Whether a goroutine waits for what others do.
func reproIsForOthers(reason waitReason) bool {
	return reason == waitReasonChanReceive || reason == waitReasonSelect || reason == waitReasonSyncCondWait ||
		reason == waitReasonSyncWaitGroupWait
}

// Whether a wait for others is one of the user's own, by the frame of who tells of it, or was ended by a goroutine of the
// user's: a library that waits for its own goroutines says nothing of the user's.
func reproIsMeant(gp *g, reason waitReason, on unsafe.Pointer, fp uintptr) bool {
	if reproIsOfUser(gp.repro.wakerG.ptr(), gp.repro.waker) {
		return true
	}
	if fp == 0 || !framepointer_enabled || reason == waitReasonSyncWaitGroupWait {
		return false
	}
	if _, timer := reproObject(gp, reason, on); timer && reason == waitReasonChanReceive {
		return false
	}
	for i := 0; i < 4 && fp != 0; i++ {
		pc := reproReturn(fp)
		if pc == reproLastOwn {
			return true
		}
		file, _, name := reproPlace(pc)
		if !reproStarts(name, "runtime.") {
			if reproIsLibrary(file) {
				return false
			}
			reproLastOwn = pc
			return true
		}
		fp = *(*uintptr)(unsafe.Pointer(fp))
	}
	return false
}

// Whether the user's code has created the goroutine that ended a wait.
func reproIsOfUser(up *g, id uint64) bool {
	if up == nil || id == 0 || up.goid != id {
		return false
	}
	if up.gopc != reproLastOwn {
		of := reproKnown(up)
		if !reproIsOwn(nil, &of) {
			return false
		}
		reproLastOwn = up.gopc
	}
	return true
}

// ---- rows

func reproIsLock(reason waitReason) bool {
	return reason == waitReasonSyncMutexLock || reason == waitReasonSyncRWMutexLock || reason == waitReasonSyncRWMutexRLock
}

// The lock whose semaphore is at an address.
func reproLock(reason waitReason, addr uintptr) uintptr {
	switch reason {
	case waitReasonSyncMutexLock:
		return addr - 4
	case waitReasonSyncRWMutexLock:
		return addr - 8
	case waitReasonSyncRWMutexRLock:
		return addr - 12
	}
	return addr
}

// What is waited for, and whether a timer brings it about.
func reproObject(gp *g, reason waitReason, on unsafe.Pointer) (object uintptr, timer bool) {
	switch reason {
	case waitReasonChanReceive, waitReasonChanSend:
		if on != nil {
			c := (*hchan)(unsafe.Pointer(uintptr(on) - unsafe.Offsetof(hchan{}.lock)))
			return uintptr(unsafe.Pointer(c)), c.timer != nil
		}
	case waitReasonSelect:
		for s := gp.waiting; s != nil; s = s.waitlink {
			if c := s.c.get(); c != nil && c.timer != nil {
				timer = true
			}
		}
	case waitReasonSyncMutexLock, waitReasonSyncRWMutexLock, waitReasonSyncRWMutexRLock:
		return reproLock(reason, gp.repro.object), false
	case waitReasonSyncCondWait:
		return uintptr(on), false
	case waitReasonSleep:
		return 0, true
	}
	return 0, timer
}

func reproHasRoom(gp *g, reason waitReason) bool {
	if !reproOn {
		return false
	}
	room := reproRows - repro.count
	if room <= 0 || room <= reproKept && gp.goid != 1 && !reproIsLock(reason) {
		reproLeftOut++
		return false
	}
	return true
}

func reproKnown(gp *g) reproGo {
	return reproGo{gp.goid, gp.parentGoid, gp.repro.born, gp.gopc, gp.repro.from, gp.startpc}
}

func reproAdd(gp *g, kind, reason uint8, at, ns int64, object uintptr, timer bool, pcs []uintptr, took *[2]uintptr) {
	lock(&repro.lock)
	if repro.count < reproRows {
		row := &repro.rows[repro.count]
		repro.count++
		row.kind, row.reason, row.timer = kind, reason, timer
		row.of = reproKnown(gp)
		row.waker = reproGo{id: gp.repro.waker}
		if up := gp.repro.wakerG.ptr(); gp.repro.waker != 0 && up != nil && up.goid == gp.repro.waker {
			row.waker = reproKnown(up)
		}
		row.made = gp.repro.made
		if kind == reproWait {
			gp.repro.made = 0
		}
		row.at, row.ns, row.object = at, ns, object
		row.took = [2]uintptr{}
		if took != nil {
			row.took = *took
		}
		row.n = copy(row.pcs[:], pcs)
	}
	unlock(&repro.lock)
}

// Writes what was told.
//
//go:nowritebarrierrec
func reproDrain() {
	for i := 0; ; i++ {
		lock(&repro.lock)
		if i >= repro.count {
			repro.count = 0
			unlock(&repro.lock)
			return
		}
		repro.row = repro.rows[i]
		unlock(&repro.lock)
		reproWrite(&repro.row)
	}
}

//go:nowritebarrierrec
func reproWrite(row *reproRow) {
	place := uintptr(row.reason) + uintptr(row.kind)*31
	for _, pc := range row.pcs[:row.n] {
		place = place*31 + pc
	}
	seen := &repro.places[place>>4%reproTold]
	if *seen > reproSame && row.of.id != 1 {
		reproLeftOut++
		return
	}
	*seen++
	reproTask(&row.of)
	if row.kind == reproRelease {
		reproRowStart(row.at, "lock-release")
		reproField(`,"thread":0,"task":`, row.of.id)
		reproField(`,"lock":`, uint64(row.object))
		reproString(`,"at":`)
		reproFrames(row.pcs[:row.n], nil)
		reproString(`,"taken":`)
		reproFrames(nil, row.took[:])
		reproString("}\n")
		return
	}
	if row.waker.id != 0 && row.waker.start != 0 {
		reproTask(&row.waker)
	}
	reproRowStart(row.at, "wait")
	reproField(`,"ns":`, uint64(row.ns))
	reproField(`,"task":`, row.of.id)
	reproField(`,"made":`, uint64(row.made))
	reproString(`,"chain":`)
	reproFrames(row.pcs[:row.n], nil)
	reproString(`,"on":`)
	reproOnWhat(row.reason, row.object, row.timer, row.waker.id)
	reproString("}\n")
}

//go:nowritebarrierrec
func reproOnWhat(reason uint8, object uintptr, timer bool, waker uint64) {
	reproString(`{"kind":"`)
	switch {
	case reason == reproInSyscall:
		reproString("system call")
	case timer && reason == uint8(waitReasonSelect):
		reproString("select, with a timer")
	case timer && reason != uint8(waitReasonSleep):
		reproString("timer")
	default:
		reproString(waitReason(reason).String())
	}
	reproString(`"`)
	switch waitReason(reason) {
	case waitReasonSyncMutexLock, waitReasonSyncRWMutexLock, waitReasonSyncRWMutexRLock:
		reproField(`,"size":1,"lock":`, uint64(object))
	case waitReasonChanReceive, waitReasonChanSend:
		reproField(`,"channel":`, uint64(object))
	}
	if waker != 0 {
		reproField(`,"tasks":[`, waker)
		reproString("]")
	}
	reproString("}")
}

// Tells of a goroutine that was not told of before.
//
//go:nowritebarrierrec
func reproTask(of *reproGo) {
	if repro.told[of.id%reproTold] == of.id {
		return
	}
	repro.told[of.id%reproTold] = of.id
	reproRowStart(nanotime(), "task-new")
	reproField(`,"task":`, of.id)
	reproField(`,"born":`, uint64(of.born))
	if of.parent != 0 {
		reproField(`,"parent":`, of.parent)
	}
	reproString(`,"name":"`)
	reproName(reproFunction(of.start))
	reproString(`","at":`)
	made := [2]uintptr{of.gopc, of.from}
	reproFrames(nil, made[:])
	reproString("}\n")
}

// ---- what is alive

// Copies the stack of a goroutine that does not run, and holds it meanwhile as the collector does.
//
//go:nowritebarrierrec
func reproPeek(gp *g, pcs []uintptr) (n int, status uint32, reason waitReason, object uintptr, timer bool) {
	for try := 0; try < 1000; try++ {
		status = readgstatus(gp)
		switch status {
		case _Gwaiting, _Grunnable, _Gsyscall:
			if !castogscanstatus(gp, status, status|_Gscan) {
				continue
			}
			n = gcallers(gp, 0, pcs)
			if status == _Gwaiting {
				reason = gp.waitreason
				object, timer = reproObject(gp, reason, nil)
				if s := gp.waiting; s != nil && (reason == waitReasonChanReceive || reason == waitReasonChanSend) {
					if c := s.c.get(); c != nil {
						object, timer = uintptr(unsafe.Pointer(c)), c.timer != nil
					}
				}
			}
			casfrom_Gscanstatus(gp, status|_Gscan, status)
			return
		case _Gdead, _Gidle, _Grunning:
			return
		}
		osyield()
	}
	return
}

//go:nowritebarrierrec
func reproStatus(status uint32, reason waitReason) uint8 {
	switch status {
	case _Gsyscall:
		return reproInSyscall
	case _Gwaiting:
		return uint8(reason)
	}
	return uint8(waitReasonZero)
}

// Tells of the goroutines that are at work, or wait, when main is over.
//
//go:nowritebarrierrec
func reproKilled(me *g) {
	reproRowStart(nanotime(), "main-end")
	reproString("}\n")
	told := 0
	forEachGRace(func(gp *g) {
		if gp == me || told >= reproStuck || isSystemGoroutine(gp, false) {
			return
		}
		of := reproKnown(gp)
		n, status, reason, object, timer := reproPeek(gp, repro.row.pcs[:])
		if status == _Gdead || status == _Gidle || !reproIsOwn(repro.row.pcs[:n], &of) {
			return
		}
		told++
		reproTask(&of)
		reproRowStart(nanotime(), "killed")
		reproField(`,"task":`, of.id)
		if me.repro.waited > of.born {
			if me.repro.joined {
				reproString(`,"joined":"group"`)
			} else {
				reproString(`,"joined":"value"`)
			}
		}
		reproString(`,"chain":`)
		reproFrames(repro.row.pcs[:n], nil)
		if status == _Grunnable && gp.sched.pc == gp.startpc {
			reproString(`,"on":{"kind":"start"}}` + "\n")
			return
		}
		if status == _Grunnable || status == _Grunning {
			reproString(`,"on":{"kind":"processor"}}` + "\n")
			return
		}
		reproString(`,"on":`)
		reproOnWhat(reproStatus(status, reason), object, timer, 0)
		reproString("}\n")
	})
}

// Tells of everything that is alive.
//
//go:nowritebarrierrec
func reproAlive(dead bool) {
	timers := reproTimers()
	handlers := 0
	told := 0
	reproRowStart(nanotime(), "stuck")
	reproString(`,"main_over":false,"tasks":[],"readers":0,"children":0,"threads":[`)
	forEachGRace(func(gp *g) {
		if told >= reproStuck || isSystemGoroutine(gp, false) {
			return
		}
		of := reproKnown(gp)
		n, status, reason, object, timer := reproPeek(gp, repro.row.pcs[:])
		if reproFunction(of.start) == "os/signal.loop" && status != _Gdead {
			handlers++
		}
		if status == _Gdead || status == _Gidle || !reproIsOwn(repro.row.pcs[:n], &of) && of.id != 1 {
			return
		}
		if told > 0 {
			reproString(",")
		}
		told++
		reproField(`{"thread":`, of.id)
		reproString(`,"name":"`)
		reproName(reproFunction(of.start))
		reproString(`"`)
		if of.id == 1 {
			reproString(`,"main":true`)
		}
		if status == _Grunning || status == _Grunnable {
			reproField(`,"cpu_ns":`, reproSlow)
		}
		reproString(`,"stack":`)
		reproFrames(repro.row.pcs[:n], nil)
		reproString(`,"at":`)
		made := [2]uintptr{of.gopc, of.from}
		reproFrames(nil, made[:])
		reproString(`,"on":`)
		reproOnWhat(reproStatus(status, reason), object, timer, 0)
		reproString("}")
	})
	reproField(`],"timers":`, uint64(timers))
	reproField(`,"handlers":`, uint64(handlers))
	if dead {
		reproString(`,"dead":true`)
	}
	reproString("}\n")
}

// Tells of waits that have lasted for long and are not over.
//
//go:nowritebarrierrec
func reproPending() {
	now := nanotime()
	told := 0
	forEachGRace(func(gp *g) {
		if told >= reproStuck || isSystemGoroutine(gp, false) {
			return
		}
		row := &repro.row
		n, status, reason, object, timer := reproPeek(gp, row.pcs[:])
		since := gp.waitsince
		row.of = reproKnown(gp)
		if status != _Gwaiting || since == 0 || now-since < reproLong || !reproIsOwn(row.pcs[:n], &row.of) {
			return
		}
		told++
		row.kind, row.reason, row.timer, row.object = reproWait, uint8(reason), timer, object
		row.at, row.ns, row.n = since, now-since, n
		row.waker, row.made = reproGo{}, 0
		reproWrite(row)
	})
}

// How many timers are set that call a function; those of idle connections are left out.
//
//go:nowritebarrierrec
func reproTimers() (count int) {
	for _, pp := range allp {
		lock(&pp.timers.mu)
		for _, when := range pp.timers.heap {
			t := when.timer
			if t == nil || t.isChan || t.f == nil {
				continue
			}
			if reproFunction(**(**uintptr)(unsafe.Pointer(&t.f))) != "time.goFunc" {
				continue
			}
			arg := efaceOf(&t.arg).data
			name := reproFunction(*(*uintptr)(arg))
			if len(name) < 9 || name[:9] != "net/http." {
				count++
			}
		}
		unlock(&pp.timers.mu)
	}
	return
}

//go:nowritebarrierrec
func reproCounts() {
	reproRowStart(nanotime(), "count")
	reproField(`,"tasks":`, uint64(reproTasks)+1)
	reproField(`,"most_tasks":`, uint64(max(reproMost, int64(gcount(false)))))
	reproField(`,"left_out":`, uint64(reproLeftOut))
	reproString("}\n")
}

// The thread that writes.
//
//go:nowritebarrierrec
func reproWatch() {
	lock(&sched.lock)
	sched.nmsys++
	checkdead()
	unlock(&sched.lock)
	answered := false
	for turn := 0; ; turn++ {
		usleep(10000)
		reproClock = nanotime()
		reproMost = max(reproMost, int64(gcount(false)))
		if repro.count == 0 && (answered || turn%5 != 0) {
			continue
		}
		lock(&repro.writing)
		for repro.done {
			// A thread that has no processor has nowhere to return to.
			unlock(&repro.writing)
			usleep(1e9)
			lock(&repro.writing)
		}
		reproDrain()
		if !answered && turn%5 == 0 {
			if fd := open(unsafe.StringData(reproNames.ask), _O_RDONLY|_O_CLOEXEC, 0); fd >= 0 {
				closefd(fd)
				answered = true
				reproAlive(false)
				reproPending()
				reproCounts()
			}
		}
		reproFlush()
		if answered {
			if fd := open(unsafe.StringData(reproNames.answered), _O_WRONLY|_O_CREAT|_O_CLOEXEC, 0o600); fd >= 0 {
				closefd(fd)
			}
		}
		unlock(&repro.writing)
	}
}

// ---- frames

func reproFunction(pc uintptr) string {
	f := findfunc(pc)
	if !f.valid() {
		return ""
	}
	return funcname(f)
}

// The file and line of a return address, and the function.
func reproPlace(pc uintptr) (file string, line int, name string) {
	f := findfunc(pc)
	if !f.valid() {
		return
	}
	if pc > f.entry() {
		pc--
	}
	iu, uf := newInlineUnwinder(f, pc)
	file, line = iu.fileLine(uf)
	return file, line, iu.srcFunc(uf).name()
}

// Where the standard library's files begin.
func reproStandard() string {
	file, _, _ := reproPlace(abi.FuncPCABIInternal(gopark))
	const own = "runtime/proc.go"
	if len(file) > len(own) {
		return file[:len(file)-len(own)]
	}
	return ""
}

func reproStarts(text, with string) bool {
	return len(text) >= len(with) && text[:len(with)] == with
}

func reproIsLibrary(file string) bool {
	return file == "" || file[0] == '<' || file[0] == '_' || reproStarts(file, reproNames.standard) ||
		reproStarts(file, reproNames.modules) || reproStarts(file, reproNames.vendored)
}

// Whether the user's code runs in a goroutine, or has created it.
func reproIsOwn(pcs []uintptr, of *reproGo) bool {
	for _, pc := range pcs {
		if file, _, _ := reproPlace(pc); !reproIsLibrary(file) {
			return true
		}
	}
	for _, pc := range [3]uintptr{of.gopc, of.from, of.start + 1} {
		if file, _, _ := reproPlace(pc); pc > 1 && !reproIsLibrary(file) {
			return true
		}
	}
	return false
}

// Frames of the runtime that say no more than that it waits.
func reproIsNoise(name string) bool {
	if !reproStarts(name, "runtime.") {
		return false
	}
	switch name {
	case "runtime.goexit", "runtime.main", "runtime.gopark", "runtime.goparkunlock", "runtime.mcall", "runtime.systemstack",
		"runtime.semacquire1", "runtime.selectgo.func1":
		return true
	}
	return reproStarts(name, "runtime.repro")
}

// Writes frames, the outermost first: of logical return addresses, or of physical ones, which hold inlined frames.
func reproFrames(pcs, physical []uintptr) {
	reproString("[")
	first := true
	for i := len(pcs) - 1; i >= 0; i-- {
		file, line, name := reproPlace(pcs[i])
		first = reproFrame(file, line, name, first)
	}
	for i := len(physical) - 1; i >= 0; i-- {
		var inner [8]uintptr
		n := 0
		f := findfunc(physical[i])
		if !f.valid() || physical[i] <= f.entry() {
			continue
		}
		iu, uf := newInlineUnwinder(f, physical[i]-1)
		for ; uf.valid() && n < len(inner); uf = iu.next(uf) {
			inner[n] = uf.pc + 1
			n++
		}
		for n--; n >= 0; n-- {
			file, line, name := reproPlace(inner[n])
			first = reproFrame(file, line, name, first)
		}
	}
	reproString("]")
}

func reproFrame(file string, line int, name string, first bool) bool {
	if file == "" || file[0] == '<' || reproIsNoise(name) {
		return first
	}
	if !first {
		reproString(",")
	}
	reproString(`["`)
	reproQuoted(file)
	reproField(`",`, uint64(line))
	reproString(`,"`)
	reproName(name)
	reproString(`"]`)
	return false
}

// ---- text

// A function without the path of its package.
func reproName(name string) {
	from := 0
	for i := 0; i < len(name) && name[i] != '['; i++ {
		if name[i] == '/' {
			from = i + 1
		}
	}
	if name == "runtime.main" {
		name, from = "main.main", 0
	}
	reproQuoted(name[from:])
}

func reproQuoted(text string) {
	const digits = "0123456789abcdef"
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			reproByte('\\')
			reproByte(c)
		case c < ' ':
			reproString(`\u00`)
			reproByte(digits[c>>4])
			reproByte(digits[c&15])
		default:
			reproByte(c)
		}
	}
}

func reproByte(c byte) {
	if repro.length == len(repro.buffer) {
		reproFlush()
	}
	repro.buffer[repro.length] = c
	repro.length++
}

func reproString(text string) {
	for i := 0; i < len(text); i++ {
		reproByte(text[i])
	}
}

func reproField(name string, value uint64) {
	reproString(name)
	var digits [20]byte
	at := len(digits)
	for {
		at--
		digits[at] = byte('0' + value%10)
		value /= 10
		if value == 0 {
			break
		}
	}
	for ; at < len(digits); at++ {
		reproByte(digits[at])
	}
}

func reproRowStart(at int64, ev string) {
	reproField(`{"t":`, uint64(at))
	reproString(`,"ev":"`)
	reproString(ev)
	reproString(`"`)
}

func reproDecimal(value int) string {
	var digits [20]byte
	at := len(digits)
	for value > 0 {
		at--
		digits[at] = byte('0' + value%10)
		value /= 10
	}
	return string(digits[at:])
}

func reproFlush() {
	for from := 0; from < repro.length; {
		n := write(uintptr(repro.fd), unsafe.Pointer(&repro.buffer[from]), int32(repro.length-from))
		if n <= 0 {
			break
		}
		from += int(n)
	}
	repro.length = 0
}

func reproHello() {
	reproRowStart(nanotime(), "hello")
	reproString(`,"language":"go","main":"","version":"`)
	reproQuoted(Version())
	reproString(`","folder":"`)
	reproQuoted(gogetenv("PWD"))
	reproString(`","libraries":["`)
	reproQuoted(reproNames.standard)
	reproString(`","`)
	reproQuoted(reproNames.modules)
	reproString(`","`)
	reproQuoted(reproNames.vendored)
	reproString(`","_"],"can":["stall","sequential","pool","lock","forgotten","never-exits"],`)
	reproString(`"cannot":[{"cause":"failfast","why":"nothing in Go gives the others up when one fails, and what a program drops itself cannot be seen"}]}`)
	reproString("\n")
	if reproNames.standard == "" {
		reproRowStart(nanotime(), "broken")
		reproString(`,"why":"the program is built with -trimpath, so that its lines have no files"}` + "\n")
	}
	reproFlush()
}
