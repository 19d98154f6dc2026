package repro.probe;

import java.util.function.BiConsumer;

/** Hears of one hook. */
final class Listener implements BiConsumer<Object, Object> {
    private final State state;
    private final int hook;

    private Listener(State state, int hook) {
        this.state = state;
        this.hook = hook;
    }

    @SuppressWarnings("unchecked")
    static BiConsumer<Object, Object>[] all(State state) {
        BiConsumer<Object, Object>[] all = new BiConsumer[Hooks.HOOKS];
        for (int hook = 0; hook < all.length; hook++) {
            all[hook] = new Listener(state, hook);
        }
        return all;
    }

    @Override
    public void accept(Object one, Object other) {
        switch (hook) {
            case Hooks.POOL:
                state.made(one);
                break;
            case Hooks.SUBMIT:
                state.submitted(one, other, System.nanoTime());
                break;
            case Hooks.OWN_THREAD:
                state.submitted(null, one, System.nanoTime());
                break;
            case Hooks.SCHEDULE:
                state.scheduled(one, other);
                break;
            case Hooks.START:
                state.started(one, false);
                break;
            case Hooks.WITHIN:
                state.started(one, true);
                break;
            case Hooks.END:
                state.ended(one);
                break;
            case Hooks.FAILED:
                state.failed(one, (Throwable) other);
                break;
            case Hooks.ASKED:
                state.asked(one);
                break;
            case Hooks.CANCELLED:
                state.cancelled(one);
                break;
            case Hooks.SHUT_NOW:
                state.shutNow(one);
                break;
            case Hooks.WAITS:
                state.stages.put(Thread.currentThread(), new java.lang.ref.WeakReference<>(one));
                break;
            case Hooks.COMPLETED:
                state.completed(one);
                break;
            case Hooks.CHAINED:
                state.chained(one);
                state.chained(other);
                break;
            case Hooks.ALL_OF:
                for (Object stage : (Object[]) one) {
                    state.chained(stage);
                }
                break;
            case Hooks.THREAD:
                state.threadStarted((Thread) one);
                break;
            case Hooks.SEMAPHORE:
                state.limited(one);
                break;
            case Hooks.ACQUIRED:
                state.acquired(one, true);
                break;
            case Hooks.RELEASED:
                state.acquired(one, false);
                break;
            default:
                state.uncaught.add(new State.Failure((Thread) one, (Throwable) other));
        }
    }
}
